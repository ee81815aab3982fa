"""项目支出绩效自评表: 执行率, the lines of indicators, completion against execution, alerts."""
