"""The words RefBox-Nano is taught, in English and Chinese.

The names of flowchart parts (process, decision, terminator, data, arrow, flowchart and their Chinese counterparts)
are left out on purpose: they are what a user's fine-tune teaches. `FORBIDDEN` is checked against every phrase in the
tests.
"""

from collections.abc import Mapping
from typing import Final, Literal

Language = Literal["en", "zh"]

FORBIDDEN: Final = (
    *("process", "decision", "terminator", "data", "arrow", "flowchart", "connector", "document"),
    *("处理", "判断", "决策", "数据", "箭头", "流程", "开始", "结束", "终止", "文档"),
)

SHAPE_ZH: Final[Mapping[str, str]] = {
    "circle": "圆形",
    "ellipse": "椭圆",
    "square": "正方形",
    "rectangle": "长方形",
    "rounded rectangle": "圆角矩形",
    "capsule": "胶囊形",
    "rhombus": "菱形",
    "parallelogram": "平行四边形",
    "trapezoid": "梯形",
    "triangle": "三角形",
    "pentagon": "五边形",
    "hexagon": "六边形",
    "star": "五角星",
    "cross": "十字",
    "heart": "心形",
    "wavy rectangle": "波浪矩形",
    "drum": "圆柱",
    "house": "房子",
    "tree": "树",
    "car": "汽车",
    "sun": "太阳",
    "cloud": "云",
    "fish": "鱼",
    "boat": "小船",
    "flower": "花",
    "cup": "杯子",
}
COLOUR_ZH: Final[Mapping[str, str]] = {
    "red": "红色",
    "orange": "橙色",
    "yellow": "黄色",
    "green": "绿色",
    "cyan": "青色",
    "blue": "蓝色",
    "purple": "紫色",
    "pink": "粉色",
    "brown": "棕色",
    "black": "黑色",
    "white": "白色",
    "gray": "灰色",
}
FILL_ZH: Final[Mapping[str, str]] = {"outlined": "空心", "striped": "条纹", "filled": "实心"}

THING: Final[Mapping[Language, str]] = {"en": "object", "zh": "物体"}
LINK: Final[Mapping[Language, str]] = {"en": "link", "zh": "连线"}
"""A line between two blocks. What it is called on a flowchart is among the words left out."""

# fmt: off
NAMES_EN: Final = (
    "login", "user", "start", "end", "check", "input", "output", "open", "close", "save", "send", "read", "write",
    "begin", "finish", "error", "retry", "page", "menu", "click", "button", "window", "title", "name", "price",
    "order", "pay", "cart", "item", "list", "search", "filter", "result", "report", "email", "phone", "address",
    "account", "password", "submit", "cancel", "next", "back", "home", "help", "about", "contact", "service",
    "product", "team", "project", "task", "plan", "test", "build", "deploy", "server", "client", "network", "file",
    "folder", "copy", "move", "delete", "update", "create", "edit", "view", "print", "scan", "load", "valid",
    "empty", "full", "yes", "no", "true", "false", "left", "over", "under", "wait", "stop", "go", "run", "loop",
    "count", "value", "key", "type", "state", "event", "message", "request", "response", "table", "row", "column",
    "query", "index", "cache", "queue", "worker", "signal", "sensor", "motor", "valve", "pump", "tank", "switch",
    "lamp", "person", "dog", "cat", "bird", "bottle", "chair", "door", "wheel", "road", "bridge", "river",
    "mountain", "apple", "banana", "bread", "train", "plane", "ship", "truck", "bicycle", "hat", "shoe", "shirt",
    "bag",
)
# fmt: on
"""Everyday words. They are put into phrases as names that say nothing about the picture, so that the decoder learns
to repeat any wording, and into questions about things that are not there."""

CHARACTERS_ZH: Final = (
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没"
    "日于起还发成事只作当想看文无手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点"
    "月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并"
    "内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反"
    "合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃"
    "义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求"
    "品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火"
    "际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏宗兴切断终判策登录输密码户端按钮检查验证图框示例"
)
"""Frequent characters, each of which gets a token of its own."""
