[#macro eventTable rows]
  <table>
    <thead><tr><th scope="col">[=t("col.status")]</th><th scope="col">[=t("col.event")]</th><th scope="col">[=t("col.why")]</th></tr></thead>
    <tbody>
    [#list rows as e]
    <tr>
      <td data-label="[=t("col.status")]">[@p.state "event" e.status/]<span class="sub">[@p.time e.receivedAt/]</span></td>
      <td data-label="[=t("col.event")]"><span class="main">[#if e.email?has_content][@p.foreign e.email 60/][#else][=t("event.recipient.unknown")][/#if]</span><span class="sub"><a href="/api/v1/events/[=e.eventType?url]/[=e.id?url]">[@p.foreign e.eventType 60/]</a></span></td>
      <td data-label="[=t("col.why")]">[#if e.reason??]<span class="main">[@p.reason code=e.reason/]</span>[/#if][#if e.fault??]<span class="sub said" lang="en">[@p.foreign e.fault 160/]</span>[/#if][#if e.dueAt??]<span class="sub">[=t("events.next")] [@p.time e.dueAt/]</span>[/#if]</td>
    </tr>
    [/#list]
    </tbody>
  </table>
[/#macro]
<section class="card" id="events" aria-labelledby="h-events">
  <h2 id="h-events">[=t("events.title")]</h2>
  [#if figures.events.newest?size == 0]
  <p class="empty">[=t("events.empty")]</p>
  <pre class="how">./retour demo

GET  /api/v1/event-types/EVTinvoiceIssued/sample
POST /api/v1/events/EVTinvoiceIssued</pre>
  [#else]
  <p class="about">[=t("events.about", window)]</p>
  [@p.counts figures.events.counts "event"/]
  [#if (figures.events.postponed?size > 0)]
  <h3>[=t("events.postponed")]</h3>
  [@eventTable figures.events.postponed/]
  [/#if]
  <h3>[=t("events.newest")]</h3>
  [@eventTable figures.events.newest/]
  [/#if]
</section>
