// Traditional, Simplified, wide and capital letters searched alike: the codebook is Simplified, its readers
// need not be.

/** Traditional characters, each before its Simplified form: those that the codebook's text has in OpenCC. */
const PAIRS = [
  '與与專专業业兩两嚴严個个爲为為为舉举麼么義义習习亂乱爭争於于產产親亲僅仅從从價价衆众眾众優优會会傳传僞伪偽伪體体兌兑黨党關关興兴養养內内軍军農农衝冲決决況况準准減减幾几憑凭擊击則则創创製制辦办',
  '務务動动勵励勁劲勢势區区醫医協协單单廳厅厲厉壓压雙双發发變变疊叠臺台號号喫吃後后員员迴回團团圍围國国圖图場场堅坚壘垒處处頭头獎奖學学實实審审對对導导將将盡尽層层屬属崗岗師师帶带幫帮幹干併并並并',
  '廣广應应開开張张強强歸归當当錄录徹彻徑径懷怀態态總总懲惩懶懒戰战戶户纔才託托執执揚扬護护報报擔担掛挂據据攤摊撐撑數数鬥斗斷断無无舊旧時时術术機机權权條条來来鬆松構构標标樹树覈核檢检氣气沒没潔洁',
  '濟济渙涣瀆渎遊游滿满點点鍊炼熱热狀状翫玩環环現现瑣琐監监蓋盖瞞瞒碼码礎础確确禮礼離离種种稅税競竞籤签簡简類类係系繫系緊紧糾纠紅红約约級级紀纪純纯紓纾線线組组織织終终經经綁绑結结繞绕繪绘給给統统',
  '績绩緒绪維维綜综緩缓編编網网羅罗罰罚羣群職职聯联肅肃膽胆腦脑腳脚脫脱節节範范營营藍蓝慮虑虛虚補补錶表裝装觀观規规視视覺觉計计讓让訓训議议記记講讲許许論论設设訪访證证評评識识訴诉試试誠诚該该語语',
  '說说説说請请諾诺讀读諉诿誰谁調调談谈負负責责敗败賬账質质貪贪貫贯費费資资賴赖讚赞踐践蹤踪轉转輪轮軟软邊边達达過过運运還还這这進进遠远違违連连遲迟跡迹適适鄭郑針针釘钉鉤钩鈎钩鑄铸銷销鋒锋錯错鍵键',
  '鍛锻長长門门閉闭問问闖闯間间隊队陽阳陰阴陳陈隨随隱隐難难項项顧顾頓顿領领題题風风馬马驗验騙骗齊齐',
].join('');

/**
 * A function that writes texts in one form, by the pairs above and by the codebook's own names.
 * @param {{hans: string, hant: string}[]} names
 * @returns {(text: string) => string}
 */
export function folder(names) {
  const forms = new Map();
  for (const { hans, hant } of names) if (hans.length === hant.length) learn(forms, hant, hans);
  const pairs = [...PAIRS];
  for (let at = 0; at < pairs.length; at += 2) forms.set(pairs[at], pairs[at + 1]);
  return (text) => [...text.normalize('NFKC').toLowerCase()].map((character) => forms.get(character) ?? character).join('');
}

function learn(forms, hant, hans) {
  [...hant].forEach((character, at) => forms.set(character, [...hans][at]));
}
