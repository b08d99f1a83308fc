<main class="alone">
  <h1>[=t("gone.title")]</h1>
  <p>[=t("gone.more")]</p>
  <p><a href="/?lang=[=lang]#mails">[=t("mail.back")]</a></p>
</main>
