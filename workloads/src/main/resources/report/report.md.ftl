<#macro cellText f><#if f.tone.word() != "plain">${f.tone.sign()} </#if>${f.text?replace("|", "\\|")}<#if f.link.isPresent()> #${f.link.get().number()?c}</#if></#macro>
<#macro table t>
${t.caption}:

|<#list t.columns as c> ${c.name} |</#list>
|<#list t.columns as c> --- |</#list>
<#list t.rows as row>
|<#list row.fields as f> <@cellText f/> |</#list>
</#list>

</#macro>
<#macro blocks list><#list list as b>
<#switch b.kind()>
<#case "prose">
${b.text}

<#break>
<#case "bullets">
<#list b.items as i>
- ${i}
</#list>

<#break>
<#case "findings">
<#list b.findings as f>
- ${f.tone.sign()} ${f.text} *(${f.evidence.file}, ${f.evidence.columns}: ${f.evidence.how}; n: ${f.evidence.n}<#if f.evidence.power.isPresent()>; ${f.evidence.power.get()}</#if>)*
</#list>

<#break>
<#case "table">
<@table b/>
<#break>
<#case "figure">
![${b.chart.title}. ${b.chart.description}](${b.chart.id}.svg)

<#break>
<#case "preformatted">
```
${b.text}
```

<#break>
<#case "facts">
<#list b.facts as f>
- ${f.name}: ${f.value}
</#list>

<#break>
<#case "folded">
#### ${b.summary}

<@blocks b.blocks/>
<#break>
</#switch></#list></#macro>
# ${answer.verdict}

${manifest.question!manifest.experiment}

<#list lead as l>${l}<#sep>, </#list>.

<#if lacks?has_content>
What this folder does not tell:

<#list lacks as l>
- ${l}
</#list>

</#if>
<#list sections as s>
## ${s.title}

<@blocks s.blocks/>
</#list>
