"""The domain of Yanxun: school-based teacher training in a city, as plain functions over tables.

In reading order: `errors` (what can be refused), `base` (what every table shares), `paging`; then the
wings, each resting on those before it: `access` (who may do what, and where), `organisation` (city,
county, school), `people` (teachers), `training` (groups, activities, attendance), `learning`
(courses, trainers, mentoring, topics, resources), `credits` (rule
packs, recognition, the ledger, standing), `quality` (indicators, evaluation, funds, documents),
`exchange` (the change feed, the province).

A file of a noun has four parts, always in this order: what it is, what can be refused, what may be
asked, what may be done. Nothing here commits, reads a clock or knows of HTTP.

Glossary. One word per concept, in table, class, module, address and GraphQL type:

    act           操作记录      a write that was done or refused, in the audit trail
    activity      研修活动      something that is held, with sessions and attendance
    activity minimum 活动底线    how many activities a bureau asks of its schools within some months
    appropriation 资金拨付        money that goes from a line of one budget into a line of another
    archive       档案            the volumes of a school, or a teacher's growth file, with index and seal
    arrival       省平台来件    what the province tells of somebody, and what becomes of it
    actor         操作者        the one who asks: an account with its grants
    arrived growth file 外来成长档案  a record that another city signed, kept beside the person
    article       条款          a numbered part of a document, which lays duties on units
    assessment    研修考核        what a school asks of its teachers, what they reached, how it judges
    assignment    包片包校      who of a bureau is answerable for which schools, for a term
    appraisal     专家评审      what an expert says of a topic, with a score
    attendance    考勤          that a teacher took part in a session
    attachment    附属关系      that a school belongs to another without being supervised by it
    attempt       作答          that somebody takes a test, once from its beginning to its end
    audience      参训对象      the units and groups that an activity is published to
    award         成果评选      the yearly award for outputs and topics
    bank          题库          the questions of a unit, a group or a department, version by version
    batch         批次          the entries recognised in a period, for the province
    budget        经费预算        what a unit has for training in a year, line by line
    bureau        教育局        a unit that supervises others: the city's or a county's
    campaign      专项活动      what a unit holds for years or days, grouping activities
    cap           上限          the most that a rule lets count
    career        任职经历      the dated facts about a teacher
    certificate   证书          that somebody met a cycle or finished a training; numbered
    challenge     省平台质疑    a doubt of the province about one record, with a day for the answer
    check order   检查通知      that units are to look at themselves, by which sheet, until when
    checklist     研修清单      what a school asks of its teachers item by item, such as 八个一
    choice        选课          what a teacher chose in a round, and what became of it
    choice round  选课轮次        a time in which teachers choose among activities, and how places are given
    city          市            the top of the hierarchy
    class         班            a part of a run that is held together: an activity
    client        客户端应用    an application in the register, and its account
    cohort        期次          one run of a programme, with its places and goals
    collection form 报表          a bureau's own form, filled from the register and confirmed by schools
    commitment    预留          money of a line that is set aside for one purpose
    committee     委员会        a leading group, a working group, a committee of experts
    completion    结业            that somebody did in a class what its course asks for
    consent       应用授权      that a person lets an application act for them
    consultation  在线指导      what a teacher asks an adviser, and the answer, between the two
    correction    更正申请      that a person says what is wrong in the own record
    county        县（市、区）    the middle of it; functional zones (功能区) included
    course        培训课程      what is taught, by which syllabus, declared, reviewed and run
    credit        学分          the unit of recognition; hours (学时) are another
    cycle         周期          the five years over which credits are required
    delegation    委托          that a person lets another act with some of their permissions
    demonstration 示范校申报    an application of a school for a title, and the title that it leads to
    department    部门          a part of a bureau or a school, with its duties
    designation   命名挂牌      a title that a school bears, by whom and on which level
    destruction   档案销毁        that a volume whose retention is over is destroyed, by two persons
    diagnosis     校本培训诊断    what a bureau found of a school's training, and the answer
    discussion    在线研讨      what is said of an activity, a course, a topic, or at moments of a video
    document      公文          what a unit issues, with number, articles, addressees, validity
    duty          职责          what a department is charged with; what an article asks of units
    enrolment     报名          that a teacher means to take part
    earmark       专款          money that is for one thing and spent on nothing else
    entry         学分记录      one line of the ledger: earned, reversed, …
    establishment 编制          how somebody is employed: 在编, 聘用, 特岗, 代课
    equipment     设施设备      the rooms and lines that a unit has for training by network
    evaluation    活动评估      what those who took part thought, and the organiser's summary
    exercise      作业            what those who take part in a class are to do, and hand in
    expense       支出          what was paid out of a line, for what, approved by whom
    evaluator     评估人员      who is appointed to evaluate a unit, and does not belong to it
    fact          任职事实      what held of a teacher from a day on, and since when it is known
    follow-up     考核跟进指导    what an assessor gives back to a teacher, and what came of it
    form          活动样式      how activities of a kind are held: steps, staff, evidence; a city's own
    form return   报表填报        what one school returns of a collection form
    goal          发展目标      what a teacher sets out to reach, and what came of it
    group         教研组        a research group of teachers, of a school or a bureau
    growth        成长阶段      what is expected after one, three and five years
    growth file   成长档案        the volumes about one teacher, a school year each
    growth release 成长档案授权   what of the own growth file a person lets go to whom
    guidance      指导          that a bureau visited, inspected or evaluated a unit, and its answer
    honour        荣誉          a title conferred, with its level
    learning doubt 学习疑点      what a player told that can hardly be so, and what somebody found
    learning progress 学习进度   how far somebody has come in a class, by what players told
    learning record 学习记录     what a player told of who learns: a statement of xAPI
    incentive     奖惩          a reward or a penalty of a teacher, from the proposal to its end
    indicator     评估指标      by what a unit is evaluated: its weight, its source, its rule of scoring
    ledger        学分台账      all entries, in the order in which they were recorded
    location      城乡分类      how the place of a school is classed, from a day on
    look          查阅记录      that somebody saw what is sealed of a person
    measure       计量项        what is computed of units from the register, with what it was computed from
    member        组员          a teacher who belongs to a group
    mentorship    师徒结对      an apprentice and who teaches them the trade, for a term
    merger        重复登记合并  that two records of one person become one
    model adoption 推广应用     that a unit works by a model case, and what came of it
    model case    典型案例      what was drawn from a unit's work for others to follow
    network       片区、联校    schools that work together beside the tree: 学区, 联盟, 姊妹学校 too
    notice        通知          what a unit lets others know, and who has confirmed it
    note          研修笔记      what a participant wrote: a note or a reflection (反思)
    outcome       成效          what a teacher did that a reward or pay may rest on; never a trace
    output        研究成果      what came of research: a paper, a book, a show
    pack          规则包        a dated, cited set of rules of credit
    pay scheme    优质优酬方案    which outcomes a school lets count towards pay, in points
    pay sheet     绩效投入表     what the register says of each teacher by that scheme, for a period
    pair          结对互助      two teachers of one school or bureau who help each other
    participation 课题参与面    how many of all teachers take part in a topic, unit by unit
    post          岗位          what somebody is appointed to: class head, librarian, …
    principal     校长          who leads a school, first responsible for its training
    problem       教学问题      what troubles teaching somewhere, and what became of it
    piece         件              a line of the index of a volume, and what it says
    plan          研修计划        what is to be learnt, when and how; a scheme (实施方案) is a kind of it
    provider      培训机构      who trains for schools: a base, an institution, a university
    rank          职称          professional rank, such as senior teacher
    recommendation 推荐         what a follow-up tells a teacher to take part in or to read
    reconciliation 省平台对账   what we count as handed over against what the province holds
    provision     对外提供      that personal data went to the province or to an application
    programme     人才培养工程  what a bureau does over years to bring on certain teachers
    report        工作报告      what a unit tells of a period, with frozen figures and their rows
    recognition   学分认定      the act by which attendance becomes entries
    regulation    制度          a rule that a school gives itself, in versions
    rectification 整改事项      a problem that an evaluation found, until it is put right
    reorganisation 机构调整     that a unit was closed, merged into another, or moved
    requirement   要求          the least that a rule demands
    resource      共享资源      what schools share: books, recordings, files, platforms
    responsibility 职责分工     who answers for something in a school
    retrieval     档案查阅        that somebody looked into a volume, and why
    run           开课          that a course is given in a term, in classes
    scope         管辖范围      where an actor holds a permission
    scope         权限范围      a permission as the ceiling of what an application does
    school comparison 校际比较   how unequal schools are by a measure, and those with titles beside others
    session       场次          one sitting of an activity
    sign-in       登录记录      that a person is signed in somewhere, until it ends
    source        学分来源      what people took part in and earn credit by
    stage         学段          kindergarten, primary, junior or senior secondary
    standing      学分状况      what counts for a person in a cycle, and what is missing
    stated figure 文中数据      what a document states, checked against the register and against itself
    statistic     统计数据      a figure that a unit states of a school year
    staff         活动承担者    who carries an activity or a session: speaker, host, reviewer, …
    submission    省平台报送    what the province is handed together, each record with its receipt
    step          环节          a part of a form, which sessions carry out
    stratum       分层分类分岗    a group of teachers for whom training is planned
    survey        问卷调查      questions to teachers or parents, and what the answers show
    task          待办          what waits for somebody, in whichever workflow
    target        目标责任      what was agreed for an assignment, and what became of it
    test          测验          questions of a bank that a class answers, and what passes
    topic         课题          what is studied in earnest, by whom, until when
    trainee       非教师学员    somebody who is trained and is no teacher of a school
    trainer       培训者        somebody in a library, whom others are trained by
    transfer      调动          that a teacher goes from one school to another, in two steps
    unit          单位          a city's or county's bureau, or a school
    unit evaluation 单位评估    what an order to check found of one unit
    verification  核定          what evaluators found of an indicator
    volume        案卷            what is filed together of a school year, sealed once
    wall          第二道墙        that the database shows a reader their own place alone
"""
