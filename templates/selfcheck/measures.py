"""年度指标值 and 实际完成值 in formulas: a sign, digits and a known unit; whatever else is written is left to a reader.

Where a text is plain in this sense, the figure is the one that `ingest.measures.parse_measure` gives.
"""

from __future__ import annotations

from dataclasses import dataclass

from gouji.templates.selfcheck.ledger import TEXT, UNITS, VALUE, Ledger, quoted_text

PERCENT = quoted_text("%")
_SIGNS = quoted_text("≥≧>＞≤≦<＜=＝")
_DIGITS = quoted_text("0123456789.")
_LONGEST = 12
_NOTHING = quoted_text("")


@dataclass(frozen=True, slots=True)
class Measure:
    """`number`: a cell with the figure, percent as a fraction, the empty text where the text is not plain.

    `unit`: the cell with the unit as written. `text`: the cell with the text itself; `lead`: its first sign.
    `decimals`: the decimals as typed (of the fraction for percent).
    """

    text: str
    number: str
    unit: str
    decimals: str

    @property
    def lead(self) -> str:
        return f"LEFT({self.text}&{quoted_text(' ')},1)"

    def leads(self, signs: str) -> str:
        """Whether it begins with one of some signs."""
        return f"ISNUMBER(FIND({self.lead},{quoted_text(signs)}))"


def measure(ledger: Ledger, text: str) -> Measure:
    """The parts of the measure in the cell `text`, in one record."""
    record = ledger.next
    unit, plain = record.part(TEXT), f"SUBSTITUTE({text},{quoted_text('％')},{PERCENT})"
    body = f"IF(ISNUMBER(FIND(LEFT({text}&{quoted_text(' ')},1),{_SIGNS})),MID({plain},2,40),{plain})"
    figure = f"LEFT({body},LEN({body})-LEN({unit}))"
    strange = (
        f"SUMPRODUCT(ISERROR(FIND(MID({figure},ROW($1:${_LONGEST}),1),{_DIGITS}))*(ROW($1:${_LONGEST})<=LEN({figure})))"
    )
    points = f"LEN({figure})-LEN(SUBSTITUTE({figure},{quoted_text('.')},{_NOTHING}))"
    ends = ",".join(f"{side}({figure},1)<>{quoted_text('.')}" for side in ("LEFT", "RIGHT"))
    is_plain = f"AND(LEN({figure})>0,LEN({figure})<={_LONGEST},{strange}=0,{points}<=1,{ends})"
    ledger.add(
        text=f"RIGHT({body},SUMPRODUCT(MAX((RIGHT({body},LEN({UNITS}))={UNITS})*LEN({UNITS}))))",
        value=f"IF({is_plain},VALUE({figure})/IF({unit}={PERCENT},100,1),{_NOTHING})",
    )
    decimals = f"(IFERROR(LEN({figure})-FIND({quoted_text('.')},{figure}),0)+IF({unit}={PERCENT},2,0))"
    return Measure(text, record.part(VALUE), unit, decimals)
