[#import "parts.ftl" as p]
<main class="mail">
  <h1>[=t("messages.title")]</h1>
  <p class="about">[=t("messages.about")]</p>
  <section class="card">
  [#if messages?size == 0]
  <p class="empty">[=t("messages.empty")]</p>
  [#else]
  <table>
    <thead><tr><th scope="col">[=t("col.state")]</th><th scope="col">[=t("col.message")]</th><th scope="col">[=t("col.version")]</th></tr></thead>
    <tbody>
    [#list messages as m]
    <tr>
      <td data-label="[=t("col.state")]">[@p.state "message" m.state/]</td>
      <td data-label="[=t("col.message")]"><span class="main"><a href="/console/messages/[=m.id?url]?lang=[=lang]">[@p.foreign m.id 70/]</a></span>[#if m.folder != "SAME"]<span class="sub">[=word("folder", m.folder)]</span>[/#if]</td>
      <td data-label="[=t("col.version")]">[#if m.version??]<span class="main">[=t("preview.version", m.version)]</span>[/#if][#if m.changedAt??]<span class="sub">[@p.time m.changedAt/] · [@p.foreign m.changedBy 60/]</span>[/#if][#if m.because != ""]<span class="sub said">[@p.foreign m.because 160/]</span>[/#if]</td>
    </tr>
    [/#list]
    </tbody>
  </table>
  [/#if]
  </section>
</main>
