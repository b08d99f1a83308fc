<section class="card" id="bounces" aria-labelledby="h-bounces">
  <h2 id="h-bounces">[=t("bounces.title")]</h2>
  [#if figures.bounces.newest?size == 0]
  <p class="empty">[=t("bounces.empty")]</p>
  [#else]
  <p class="about">[=t("bounces.about", window)]</p>
  [@p.counts figures.bounces.kinds "bounce"/]
  [@p.counts figures.bounces.folders "folder"/]
  <h3>[=t("bounces.newest")]</h3>
  <table>
    <thead><tr><th scope="col">[=t("col.kind")]</th><th scope="col">[=t("col.says")]</th><th scope="col">[=t("col.done")]</th></tr></thead>
    <tbody>
    [#list figures.bounces.newest as b]
    <tr>
      <td data-label="[=t("col.kind")]">[@p.state "bounce" b.kind/]<span class="sub">[@p.state "folder" b.folder/]</span><span class="sub">[@p.time b.receivedAt/]</span></td>
      <td data-label="[=t("col.says")]">
        [#if b.verdict??]
        <span class="main">[@p.foreign (b.verdict.address)!t("bounces.noaddress") 60/][#if (b.recipients > 1)] <span class="code">+[=(b.recipients - 1)?c]</span>[/#if]</span>
        <span class="sub">[@p.reason code=b.verdict.reason type=b.verdict.failureType/][#if b.verdict.statusCode??] · [@p.foreign b.verdict.statusCode 12/][/#if] · [=t("bounces.rule")] [@p.foreign b.verdict.rule 50/]</span>
        [#if b.verdict.diagnostic??]<span class="sub said">[@p.foreign b.verdict.diagnostic 140/]</span>[/#if]
        [#else]
        <span class="main">[@p.foreign (b.subject)!t("bounces.nosubject") 80/]</span>
        [#if b.sender??]<span class="sub">[=t("bounces.from")] [@p.foreign b.sender 60/]</span>[/#if]
        [/#if]
        [#if b.fault??]<span class="sub said" lang="en">[@p.foreign b.fault 160/]</span>[/#if]
      </td>
      <td data-label="[=t("col.done")]">[#if b.verdict??]<span class="sub" lang="en">[@p.foreign b.verdict.consequence 160/]</span>[/#if]<span class="sub">[=t("correlation." + b.correlation)]</span><span class="sub">[@p.foreign b.mailbox 40/]</span></td>
    </tr>
    [/#list]
    </tbody>
  </table>
  [/#if]
</section>
