"""Forms whose indicators have no points (自评报告, 专项资金绩效目标自评表): what was missed, and the money."""
