<section class="card" id="addresses" aria-labelledby="h-addresses">
  <h2 id="h-addresses">[=t("addresses.title")]</h2>
  [#if figures.addresses.counts?size == 0]
  <p class="empty">[=t("addresses.empty")]</p>
  [#else]
  <p class="about">[=t("addresses.about")]</p>
  [@p.counts figures.addresses.counts "address"/]
  [#if (figures.addresses.newest?size > 0)]
  <h3>[=t("addresses.newest")]</h3>
  <table>
    <thead><tr><th scope="col">[=t("col.state")]</th><th scope="col">[=t("col.address")]</th><th scope="col">[=t("col.why")]</th></tr></thead>
    <tbody>
    [#list figures.addresses.newest as a]
    <tr>
      <td data-label="[=t("col.state")]">[@p.state "address" a.state/]<span class="sub">[@p.time a.changedAt/]</span></td>
      <td data-label="[=t("col.address")]"><span class="main">[@p.foreign a.address 60/]</span>[#if (a.errors > 0)]<span class="sub">[=t("addresses.errors", a.errors)]</span>[/#if]</td>
      <td data-label="[=t("col.why")]">[#if a.reason??]<span class="main">[@p.reason code=a.reason/]</span>[/#if][#if a.text??]<span class="sub said" lang="en">[@p.foreign a.text 140/]</span>[/#if]</td>
    </tr>
    [/#list]
    </tbody>
  </table>
  [/#if]
  [/#if]
</section>
