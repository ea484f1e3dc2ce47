"""A page in a real browser, and whether it holds, runs or asks for anything that is not its own."""

from __future__ import annotations

from collections import Counter

from playwright.sync_api import Page, Request

from tests.attacks.scripts import AWAY

# What a page holds that it must not, of whatever kind; `own` is what it brings itself.
FOREIGN = """own => {
  const found = [];
  const barred = ['srcdoc', 'formaction', 'ping', 'action', 'background', 'poster', 'http-equiv'];
  const links = ['href', 'src', 'xlink:href'];
  const banned = 'script,img,iframe,object,embed,video,audio,source,base,form,link,meta,style,template,' +
    'portal,animate,set,foreignObject,use,image,math,frame,frameset,x,applet,marquee';
  for (const element of document.querySelectorAll('*')) {
    const seen = element.outerHTML.slice(0, 120);
    if (element.matches(banned) && !element.matches(own)) found.push(seen);
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on') || (barred.includes(name) && !element.matches(own))) found.push(seen);
      if (links.includes(name) && !element.matches(own) && !value.startsWith('#')) found.push(seen);
      if (name === 'style' && !/^--share: [0-9.e-]+;$/.test(value)) found.push(seen);
      if (!/^[a-z][a-zA-Z0-9-]*$/.test(name)) found.push(seen);
    }
    if (element.shadowRoot) found.push(seen);
  }
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
  return [...found, ...ids.filter((id, at) => ids.indexOf(id) !== at)];
}"""
OWN_REPORT = (
    "head > style, head > meta[charset], head > meta[name=viewport], head > meta[name=generator], "
    "head > meta[http-equiv=Content-Security-Policy]"
)
OWN_PAGE = (
    "head > script[src='page/js/main.js'], head > link[href^='page/'], head > meta, form.give, form.editor, "
    "#key > form"
)


class Watched:
    """A page in a window, and all that the browser had to say of it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.stopped: list[str] = []
        self.said: list[str] = []
        page.on("requestfailed", self._fail)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        page.on("popup", lambda popup: self.said.append(popup.url))
        page.on("download", lambda download: self.requests.append(download.url))

    def _fail(self, request: Request) -> None:
        if request.failure == "csp":
            self.stopped.append(request.url)

    def sent(self) -> list[str]:
        """What was really asked for: the browser tells of what its policy stops, too."""
        return list((Counter(self.requests) - Counter(self.stopped)).elements())

    def assert_clean(self, own: str, *, at: str) -> None:
        """Pass where nothing ran, nothing was asked for elsewhere, and nothing stands that was not ours."""
        page = self.page
        assert page.evaluate("window.ran") is None
        assert page.evaluate(FOREIGN, own) == []
        assert [url for url in self.requests if not url.startswith((at, f"blob:{at}"))] == []
        assert self.said == []

    def provoke(self) -> None:
        """Do what may wake a handler: point at, focus and press what there is."""
        self.page.evaluate(
            """() => {
              for (const element of document.querySelectorAll('body *')) {
                for (const kind of ['mouseover', 'focus', 'blur', 'toggle', 'error', 'load'])
                  element.dispatchEvent(new Event(kind));
              }
            }"""
        )


def put_in(page: Page) -> None:
    """What a script would do that somehow got into a page: put in more of its kind."""
    page.evaluate(
        """away => {
          const put = (tag, facts) => document.body.append(Object.assign(document.createElement(tag), facts));
          const attempts = [
            () => put('script', { textContent: 'window.ran = 1' }),
            () => put('script', { src: away }),
            () => put('style', { textContent: 'body { outline: 3px dotted red }' }),
            () => put('img', { src: away + '/a.png' }),
            () => put('iframe', { src: away }),
            () => put('iframe', { srcdoc: '<script>parent.ran = 1<' + '/script>' }),
            () => put('link', { rel: 'stylesheet', href: away }),
            () => put('object', { data: away }),
            () => put('video', { src: away }),
            () => document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.ran = 1">'),
            () => document.body.setAttribute('onclick', 'window.ran = 1'),
            () => document.body.click(),
            () => fetch(away).catch(() => 0),
            () => navigator.sendBeacon(away),
            () => new WebSocket('ws://elsewhere.invalid'),
            () => new Worker('data:text/javascript,1'),
          ];
          for (const attempt of attempts) { try { attempt(); } catch { /* it is refused */ } }
          document.body.removeAttribute('onclick');
          return new Promise(done => setTimeout(done, 200));
        }""",
        AWAY,
    )
