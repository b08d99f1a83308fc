<main class="alone">
  <h1>[=status?c] · [=word("http", status?c)]</h1>
  <p>[=t((status == 404)?then("error.404", "error.other"))]</p>
  <p><a href="/?lang=[=lang]">[=t("error.home")]</a></p>
</main>
