<#function esc s><#return s?replace("|", "\\|")></#function>
<#macro table t>
| <#list t.head() as h>${h}<#sep> | </#list> |
|<#list t.head() as h>---|</#list>
<#list t.rows() as row>
| <#list row as cell>${esc(cell)}<#sep> | </#list> |
</#list>
</#macro>
<#macro sheet t>
| <#list t.head() as h>${h}<#sep> | </#list> |
|<#list t.head() as h>---|</#list>
<#list t.rows() as row>
| ${t.rowHeads()[row?index]} | <#list row as f><#list f.entries() as e><#if e.best()>**${esc(e.text())}**<#else>${esc(e.text())}</#if><#if e.cell() gt 0> #${e.cell()?c}</#if><#sep>, </#list><#sep> | </#list> |
</#list>
</#macro>
# ${manifest.question()!manifest.experiment()}

Conntrail, experiment `${manifest.experiment()}` on testbed `${manifest.testbed()}`, ${manifest.startedUtc()}, ${cells?size} cells, up to ${manifest.repetitions()} repetitions each, status ${manifest.status()}.
<#if manifest.rulesEdit()?has_content>

**The rules were edited before they were loaded:** `${manifest.rulesEdit()}`
</#if>
<#list glance as c>

![${c.description()}](${c.id()}.svg)
</#list>

## Findings

<#list findings as f>
${f?counter}. ${f.text()} *(${f.how()})*
</#list>

<#if modes?has_content>
## Which mode, which scheduler

Only cells of one kernel that were asked the same are compared.
<#list modes as t>

${t.caption()}

<@sheet t/>
</#list>
<#if effects.rows()?has_content>

What changes and idleness did to connections, all repetitions of a cell together:

<@table effects/>
</#if>

</#if>
## Each cell

<@table overview/>
<#list cells as c>

### ${c.number()}. ${c.title()}: ${c.verdict()}

![${c.chart().description()}](${c.chart().id()}.svg)
</#list>

<#if matrices?has_content>
## From node to node
<#list matrices as m>

${m.title()}

<@table m.table()/>
</#list>

</#if>
<#if beside?has_content>
## Beside the same experiment on netns

The other run is `${besideFolder}`.

<#list beside as t>
<@table t/>
</#list>

</#if>
## Latency

<@table latencyTable/>
<#list latency as c>

![${c.title()}. ${c.description()}](${c.id()}.svg)
</#list>

## Connect against established
<#list connect as c>

![${c.title()}. ${c.description()}](${c.id()}.svg)
</#list>

## Timeline
<#list timeline as c>

![${c.title()}. ${c.description()}](${c.id()}.svg)
</#list>
<#if lookupFits.rows()?has_content>
## What a lookup costs
<#list lookupCharts as c>

![${c.description()}](${c.id()}.svg)
</#list>

Model, kernel and published figures: first packet to the last Service.

<@table lookupBeside/>

Every fit:

<@table lookupFits/>

</#if>
<#if jmh.rows()?has_content>
### Every benchmark

<@table jmh/>

</#if>

## Rules
<#if onCluster>

<#list environment.cluster() as k, v>
- ${k}: ${v}
</#list>
</#if>

<@table installs/>

## Environment

Conntrail ${environment.conntrail()} (git ${environment.git()}); kernel ${environment.kernel()}, ${environment.os()}; ${environment.cpu()}, ${environment.cpus()} CPUs; ${environment.java()}.
<#list guest as g>

Testbed uml: guest kernel ${g.kernel()}, ${g.cpus()} CPU.
</#list>

## Limits

<#list limits as l>
- ${l}
</#list>
