<section class="card" id="mails" aria-labelledby="h-mails">
  <h2 id="h-mails">[=t("mails.title")]</h2>
  [#if !sandbox]
  <p class="empty">[=t("mails.off")]</p>
  [#elseif mails?size == 0]
  <p class="empty">[=t("mails.empty")]</p>
  [#else]
  <p class="about">[=t("mails.about")]</p>
  <table>
    <thead><tr><th scope="col">[=t("col.received")]</th><th scope="col">[=t("col.subject")]</th><th scope="col">[=t("col.recipient")]</th></tr></thead>
    <tbody>
    [#list mails as m]
    <tr>
      <td data-label="[=t("col.received")]">[@p.time m.receivedAt/]</td>
      <td data-label="[=t("col.subject")]"><a class="main" href="/console/mails/[=m.id?url]?lang=[=lang]">[@p.foreign (m.subject == "")?then(t("mails.nosubject"), m.subject) 80/]</a><span class="sub">[=t("mails.size", (m.sizeBytes / 1024)?ceiling)]</span></td>
      <td data-label="[=t("col.recipient")]"><span class="main">[@p.foreign m.envelopeTo 60/]</span><span class="sub">[=t("mails.from")] [@p.foreign (m.envelopeFrom == "")?then("<>", m.envelopeFrom) 60/]</span></td>
    </tr>
    [/#list]
    </tbody>
  </table>
  [/#if]
</section>
