<!DOCTYPE html>
<html lang="[=lang]">
<head>
<meta charset="utf-8">
<title>[=t("unsubscribe.title")]</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<style>[=style]</style>
</head>
<body>
<main>
[#if what == "ask"]
  <h1>[=t("unsubscribe.ask.head", category)]</h1>
  <p>[=t("unsubscribe.ask.text", address)]</p>
  <form method="post"><button name="confirm" value="yes">[=t("unsubscribe.ask.button")]</button></form>
[#elseif what == "done"]
  <h1>[=t("unsubscribe.done.head")]</h1>
  <p role="status">[=t("unsubscribe.done.text", address, category)]</p>
  <p class="soft">[=t("unsubscribe.done.undo")]</p>
[#else]
  <h1>[=t("unsubscribe." + what + ".head")]</h1>
  <p>[=t("unsubscribe." + what + ".text")]</p>
[/#if]
</main>
</body>
</html>
