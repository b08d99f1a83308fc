[#--
  A product list: what the message nests is written once for each item, as cells (<td>) of a table.

    [@products.list collection=ctx.items max=5 fallback="Your cart is waiting." ; item]
      <td>[=item.name]</td>
    [/@products.list]

  collection  a collection of the event
  layout      "row": items below each other; "column": items beside each other
  columns     with layout "column": 2, 3 or 4, or how it is built: "2:2", "3:3", "4:4"
  first       2 leaves out the first item
  max         how many items are shown at most, all when it is left out; with layout "column" not
              more than columns
  fallback    the text shown when there is no item to show
--]
[#macro list collection layout="row" columns=2 first=1 max=0 fallback=""]
  [#if productListOpen!false]
    [#stop "A product list cannot stand inside another one: mail readers do not lay it out alike. Flatten the collection in the event."]
  [/#if]
  [#if !["row", "column"]?seq_contains(layout)]
    [#stop "The layout of a product list is \"row\" or \"column\"."]
  [/#if]
  [#local most = max]
  [#if layout == "column"]
    [#if !["2", "3", "4", "2:2", "3:3", "4:4"]?seq_contains(columns?string)]
      [#stop "A product list has 2, 3 or 4 columns: columns=3, or columns=\"3:3\"."]
    [/#if]
    [#local wide = columns?string?substring(0, 1)?number]
    [#if max gt wide]
      [#stop "A product list of " + wide + " columns shows at most " + wide + " items, not " + max + ": leave max out, or lay it out in rows."]
    [/#if]
    [#if max == 0][#local most = wide][/#if]
  [#elseif max == 0]
    [#local most = collection?size]
  [/#if]
  [#global productListOpen = true]
  [#local shown = 0]
  [#list collection as item]
    [#if item?counter gte first && shown lt most]
      [#if layout == "row" || shown == 0]<tr>[/#if]
      [#local shown = shown + 1]
      [#nested item]
      [#if layout == "row"]</tr>[/#if]
    [/#if]
  [/#list]
  [#if layout == "column" && shown gt 0]</tr>[/#if]
  [#if shown == 0]<tr><td style="padding:12px 0;">[=fallback]</td></tr>[/#if]
  [#global productListOpen = false]
[/#macro]
