<section class="card" id="queue" aria-labelledby="h-queue">
  <h2 id="h-queue">[=t("queue.title")]</h2>
  [#if figures.queue.counts?size == 0]
  <p class="empty">[=t("queue.empty")]</p>
  [#else]
  <p class="about">[=t("queue.about")]</p>
  [@p.counts figures.queue.counts "package"/]
  [/#if]
  [#if figures.queue.nextDue??]<p class="note">[=t("queue.next")] [@p.time figures.queue.nextDue/]</p>[/#if]
  [#if (figures.queue.attention?size > 0)]
  <h3>[=t("queue.attention")]</h3>
  <table>
    <thead><tr><th scope="col">[=t("col.state")]</th><th scope="col">[=t("col.recipient")]</th><th scope="col">[=t("col.why")]</th></tr></thead>
    <tbody>
    [#list figures.queue.attention as w]
    <tr>
      <td data-label="[=t("col.state")]">[@p.state "package" w.state/]<span class="sub">[@p.time w.changedAt/]</span></td>
      <td data-label="[=t("col.recipient")]"><span class="main">[@p.foreign w.recipient 60/]</span><span class="sub">[@p.foreign w.message 60/][#if w.document??] · [@p.foreign w.document 40/][/#if] · #[=w.id?c] · [=t("queue.attempts", w.attempts)]</span></td>
      <td data-label="[=t("col.why")]">[#if w.reason?? || w.failureType??]<span class="main">[@p.reason code=(w.reason)!"" type=(w.failureType)!""/]</span>[/#if][#if w.text??]<span class="sub said" lang="en">[@p.foreign w.text 160/]</span>[/#if]</td>
    </tr>
    [/#list]
    </tbody>
  </table>
  [/#if]
</section>
