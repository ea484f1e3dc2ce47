"""Page furniture: tables of contents, page numbers, menus and buttons of web pages."""

from __future__ import annotations

import re

from wuxing_nlp.text.characters import HAN
from wuxing_nlp.text.late_pattern import late_pattern

# Leaders to a page number; without one, only a run of dots that nobody writes to trail off.
_LEADERS = late_pattern(r"(?<![.…·．])(?:[.…·．]{4,} *[0-9ivxIVX]+|[.…·．]{10,} *)$|(?<!…)…{2,} *[0-9]+$")
_AFTER_LEADERS = frozenset("0123456789ivxIVX.…·．")
_PAGE_NUMBER = r"[-—–_ ]*(?:第 ?)?[0-9]{1,4}(?: ?页)?(?:[ /，共]+[0-9]{1,4} ?页?)?[-—–_ ]*"
_CONTENTS = late_pattern(r"目 *[录錄次]")
_TIME = (
    r"(?:发布|发表|更新|成文)?(?:时间|日期)?[：:]? ?\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}日?"
    r"(?: *\d{1,2}[:：时]\d{2}.*)?"
)
_BUTTON_WORDS = (
    "下载|打印|全屏|收藏|还原|加大|减小|分享|首页|返回顶部|返回首页|回到顶部|关闭窗口|关闭本页|打印本页|收藏本页|"
    "上一篇|下一篇|上一页|下一页|尾页|大|中|小|字号|字体|网站地图|联系我们|设为首页|加入收藏|无障碍浏览|长者模式|"
    "登录|注册|退出|搜索|智能问答|扫一扫在手机打开当前页|扫一扫|微信|微博|更多"
)
_BETWEEN = r"[【\[】\]|<>》/：:\s]*+"
_BUTTONS = rf"{_BETWEEN}(?:(?:{_BUTTON_WORDS}){_BETWEEN})+"
_META = (
    r"【? ?(?:字体|字号|大小)[：: 】].{0,20}"
    r"|(?:来源|信息来源|文章来源|作者|责任编辑|编辑|责编|浏览次数|浏览量|点击数|阅读次数|点击率)[：:].{0,40}"
    r"|(?:您的|当前|您所在的|您现在的)位置[：:].{0,60}"
    r"|(?:主办|承办|版权所有|技术支持|网站标识码|备案号)[：: ].{0,60}"
    r"|(?:索引号|主题分类|发文机关|成文日期|标题|发文字号|主题词|有效性|公开方式|发布机构)[：:].{0,60}"
    r"|[（(]此件.{0,16}(?:公开|发布|发至).{0,12}[)）]"
)
_WHOLE_LINE = re.compile("|".join(f"(?:{form})" for form in (_PAGE_NUMBER, _TIME, _BUTTONS, _META)))
# Apart from the others: it may begin with anything, and is asked only of lines that hold its sign.
_LICENCE = late_pattern(".{0,30}ICP备.{0,30}")
_CONTENTS_LINE = late_pattern(r".{1,40}? *[0-9]{1,3}")
_LONGEST_CONTENTS = 200
_HAN = re.compile(f"[{HAN}]")


class FurnitureReader:
    """Knows which lines of a text are furniture; made once a text, asked line by line."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._contents = _contents_lines(lines)

    def is_furniture(self, number: int) -> bool:
        """True for a line that no reader would code: a menu, a page number, a contents entry."""
        line = self._lines[number].strip()
        return (
            number in self._contents
            or not _HAN.search(line)
            or (line[-1] in _AFTER_LEADERS and _LEADERS.search(line) is not None)
            or _WHOLE_LINE.fullmatch(line) is not None
            or ("ICP备" in line and _LICENCE.fullmatch(line) is not None)
        )


def _contents_lines(lines: list[str]) -> frozenset[int]:
    """Line numbers of tables of contents: from a line 目录 through the entries that end in a page."""
    found: set[int] = set()
    for number, line in enumerate(lines):
        if "目" not in line or not _CONTENTS.fullmatch(line.strip()):
            continue
        found.add(number)
        for following in range(number + 1, min(len(lines), number + _LONGEST_CONTENTS)):
            entry = lines[following].strip()
            if entry and not (_LEADERS.search(entry) or _CONTENTS_LINE.fullmatch(entry)):
                break
            found.add(following)
    return frozenset(found)
