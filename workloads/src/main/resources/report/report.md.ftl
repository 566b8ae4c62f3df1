<#function esc text><#return text?replace("|", "\\|")?replace("<", "&lt;")></#function>
<#macro cellText f><#if f.tone.word() != "plain">${f.tone.sign()} </#if>${esc(f.text)}<#if f.link.isPresent() && "#" + f.text != f.link.get().mark()> ${f.link.get().mark()}</#if></#macro>
<#macro table t>
${esc(t.caption)}<#if !t.caption?ends_with(".")>:</#if>

|<#list t.columns as c> ${c.name} |</#list>
|<#list t.columns as c> ${c.numeric?then("---:", "---")} |</#list>
<#list t.rows as row>
|<#list row.fields as f> <@cellText f/> |</#list>
</#list>

</#macro>
<#macro figure c>
![${c.title}. ${c.description}](${c.id}.svg)

</#macro>
<#macro blocks list depth><#list list as b>
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
<@figure b.chart/>
<#break>
<#case "multiples">
<#list b.charts as c>
<@figure c/>
</#list>
<#break>
<#case "terms">
<#list b.words as w>
- ${w}: ${glossary.of(w).get().meaning()}
</#list>

<#break>
<#case "facts">
<#list b.facts as f>
- ${f.name}: ${f.value}
</#list>

<#break>
<#case "folded">
${""?left_pad(depth, "#")} ${b.summary}

<@blocks b.blocks depth + 1/>
<#break>
</#switch></#list></#macro>
# ${page.head.answer()}

${page.head.question()}

<#list page.lead as l>${l}<#sep>, </#list>.

<#if page.lacks?has_content>
${page.head.lacking()}:

<#list page.lacks as l>
- ${l}
</#list>

</#if>
<#list page.sections as s>
## ${s.title}

<@blocks s.blocks 3/>
</#list>
