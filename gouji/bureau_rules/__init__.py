"""The rules of the bureau: taken back out of a 规则簿 into its edition, and tried on results that are there."""
