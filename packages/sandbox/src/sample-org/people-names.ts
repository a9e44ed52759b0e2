/** `native:latin` where the name is not written in Latin letters; the Latin form is what user names are made of. */
interface NamePool {
  given: string;
  family: string;
}

const pools = {
  english: {
    given:
      'James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica Thomas Sarah Charles Karen Daniel Lisa Matthew Nancy Anthony Betty Mark Sandra Donald Ashley Steven Emily Andrew Kimberly Paul Margaret Joshua Donna Kenneth Michelle',
    family:
      "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Moore Jackson Martin Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Torres Hill Green Adams Baker O'Connor D'Angelo St.\u00a0John McDonald Fitz-Gerald",
  },
  irish: {
    given: 'Siobhán Niamh Aoife Ciarán Seán Pádraig Róisín Gráinne Oisín Tadhg Méabh Éamonn Cillian Sorcha',
    family:
      "O'Brien O’Brien O'Neill O'Sullivan Ó\u00a0Murchú Mac\u00a0Giolla\u00a0Phádraig Byrne Kelly Nic\u00a0Suibhne",
  },
  german: {
    given: 'Jürgen Käthe Björn Anneliese Günther Ursula Jörg Sören Lieselotte Heiko Friederike Maximilian Änne Uwe',
    family:
      'Müller Schäfer Groß Weiß Köhler Schröder Krüger von\u00a0der\u00a0Heide Straßburger Leutheusser-Schnarrenberger Böhm Jäger',
  },
  french: {
    given: 'Élodie François Zoé Jérôme Anaïs Noël Françoise Benoît Maëlys Jean-Baptiste Hélène Loïc Chloé Gaëtan',
    family:
      "Lefèvre Béranger D’Aubigné L'Hôpital Gérard Çelik-Moreau Saint-Exupéry Dupré de\u00a0La\u00a0Fontaine Besançon Maïté",
  },
  spanish: {
    given: 'José María Íñigo Begoña Ángel Martín Lucía Andrés Sofía Ramón Inés Joaquín Noemí Agustín',
    family:
      'García\u00a0Márquez Muñoz Núñez Ibáñez Peña Rodríguez Hernández\u00a0y\u00a0Díaz Ordóñez Yáñez Güell Cañizares',
  },
  nordic: {
    given: 'Åsa Øystein Bjørn Sigríður Jón Märta Søren Tuğba Þórdís Anders Linnéa Ragnhild Väinö',
    family: 'Åkesson Ødegård Sørensen Guðmundsdóttir Þorsteinsson Lindström Bjørnstad Mäkelä Ångström Nygård',
  },
  slavic: {
    given: 'Łukasz Małgorzata Jiří Žofie Mirosław Đorđe Nikolaj Šárka Štěpán Željko Grażyna Wiesława Zdeněk',
    family: 'Wałęsa Dvořák Kowalczyk Đoković Čapek Šimůnek Źródłowski Brzęczyszczykiewicz Nováková Žižka Miłosz',
  },
  turkish: {
    given: 'İbrahim Ayşe Işıl Çağla Ömer Şükrü Gökçe Ilgın Tuğçe Yiğit Ümit',
    family: 'Yılmaz Şahin Çelik Öztürk Kılıç Güneş Aydoğan Işık İnönü Doğan',
  },
  vietnamese: {
    given: 'Hương Dũng Thảo Quỳnh Tuấn Mỹ\u00a0Linh Đức Ngọc Phượng Hiếu',
    family: 'Nguyễn Trần Lê Phạm Huỳnh Đặng Bùi Đỗ Ngô Vũ',
  },
  indian: {
    given: 'Aarav Priya Rohan Ananya Vikram Lakshmi Sanjay Deepika Arjun Kavya Rahul Meera Nikhil Shreya',
    family: 'Sharma Iyer Patel Reddy Nair Chatterjee Gupta Krishnamurthy Singh Venkataraman Bose Das Mukherjee',
  },
  brazilian: {
    given: 'João Conceição Luís Antônia Caetano Tânia Sebastião Iguaçu Flávia Otávio Mônica Estêvão',
    family:
      'Gonçalves São\u00a0Bento Araújo Magalhães Conceição da\u00a0Silva\u00a0e\u00a0Souza Brandão Assunção Simões',
  },
  japanese: {
    given:
      '太郎:Taro 花子:Hanako 健太:Kenta 美咲:Misaki 翔:Sho 陽菜:Hina 大輔:Daisuke 由美子:Yumiko さくら:Sakura ゆうき:Yuki',
    family:
      '山田:Yamada 佐藤:Sato 鈴木:Suzuki 髙橋:Takahashi 渡邊:Watanabe 長谷川:Hasegawa 伊集院:Ijuin 勅使河原:Teshigawara',
  },
  chinese: {
    given: '伟:Wei 芳:Fang 秀英:Xiuying 明:Ming 丽华:Lihua 子轩:Zixuan 雨桐:Yutong 建国:Jianguo',
    family: '王:Wang 李:Li 张:Zhang 欧阳:Ouyang 陈:Chen 司马:Sima 黃:Huang 吳:Wu',
  },
  korean: {
    given: '민준:Minjun 서연:Seoyeon 지훈:Jihoon 수빈:Subin 하은:Haeun 예준:Yejun',
    family: '김:Kim 이:Yi 박:Park 최:Choi 남궁:Namgung 황보:Hwangbo',
  },
  hebrew: {
    given: 'נועה:Noa דוד:David יעל:Yael אברהם:Avraham תמר:Tamar משה:Moshe',
    family: 'כהן:Cohen לוי:Levi מזרחי:Mizrahi בן־דוד:Bendavid פרץ:Peretz',
  },
  arabic: {
    given: 'محمد:Mohammed فاطمة:Fatima أحمد:Ahmed ليلى:Layla يوسف:Yusuf نور:Nour',
    family: 'الهاشمي:Alhashimi المنصوري:Almansoori خليل:Khalil الفارسي:Alfarsi بن\u00a0سعيد:Binsaid',
  },
  greek: {
    given: 'Γιώργος:Giorgos Ελένη:Eleni Δημήτρης:Dimitris Μαρία:Maria Στέλιος:Stelios',
    family: 'Παπαδόπουλος:Papadopoulos Αγγελόπουλος:Angelopoulos Καραγιάννης:Karagiannis Οικονόμου:Ikonomou',
  },
  cyrillic: {
    given: 'Ольга:Olga Дмитро:Dmytro Наталія:Nataliia Сергей:Sergey Ёлка:Yolka Їжак:Yizhak',
    family: 'Шевченко:Shevchenko Щербакова:Shcherbakova Королёв:Korolyov Коцюбинський:Kotsiubynskyi',
  },
  thai: {
    given: 'สมชาย:Somchai มาลี:Malee ประเสริฐ:Prasert',
    family: 'ใจดี:Jaidee ศรีสุวรรณ:Srisuwan พงษ์ไพบูลย์:Phongphaibun',
  },
} satisfies Record<string, NamePool>;

export type Culture = keyof typeof pools;

export interface PersonName {
  given: string;
  family: string;
  latinGiven: string;
  latinFamily: string;
}

const split = new Map<Culture, { given: string[]; family: string[] }>(
  Object.entries(pools).map(([culture, pool]) => [
    culture as Culture,
    { given: pool.given.split(' '), family: pool.family.split(' ') },
  ]),
);

export function pickName(culture: Culture, pick: <T>(items: readonly T[]) => T): PersonName {
  const pool = split.get(culture) ?? { given: [], family: [] };
  const [given, latinGiven] = splitName(pick(pool.given));
  const [family, latinFamily] = splitName(pick(pool.family));
  return { given, family, latinGiven, latinFamily };
}

/** The pools hold a no-break space within a name, as spaces separate the names; people write an ordinary one. */
function splitName(name: string): [native: string, latin: string] {
  const [native = '', latin = native] = name.replaceAll('\u00a0', ' ').split(':');
  return [native, latin];
}

const letters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  œ: 'oe',
};

/** The name in the letters that user names are made of: a to z, digits, apostrophe and hyphen. */
export function toAsciiName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[ßæøđðþłıœ]/g, (letter) => letters[letter] ?? '')
    .normalize('NFD')
    .replaceAll('’', "'")
    .replace(/[^a-z0-9'-]/g, '');
}
