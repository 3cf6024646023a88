"""The domain of Yanxun: school-based teacher training in a city, as plain functions over tables.

In reading order: `errors` (what can be refused), `base` (what every table shares), `paging`; then the
wings, each resting on those before it: `access` (who may do what, and where), `organisation` (city,
county, school), `people` (teachers), `training` (groups, activities, attendance), `credits` (rule
packs, recognition, the ledger, standing), `exchange` (the change feed, the province).

A file of a noun has four parts, always in this order: what it is, what can be refused, what may be
asked, what may be done. Nothing here commits, reads a clock or knows of HTTP.

Glossary. One word per concept, in table, class, module, address and GraphQL type:

    activity      研修活动      something that is held, with sessions and attendance
    actor         操作者        the one who asks: an account with its grants
    attendance    考勤          that a teacher took part in a session
    audience      参训对象      the units and groups that an activity is published to
    batch         批次          the entries recognised in a period, for the province
    bureau        教育局        a unit that supervises others: the city's or a county's
    cap           上限          the most that a rule lets count
    city          市            the top of the hierarchy
    county        县（市、区）    the middle of it; functional zones (功能区) included
    credit        学分          the unit of recognition; hours (学时) are another
    cycle         周期          the five years over which credits are required
    enrolment     报名          that a teacher means to take part
    entry         学分记录      one line of the ledger: earned, reversed, …
    group         教研组        a research group of teachers, of a school or a bureau
    ledger        学分台账      all entries, in the order in which they were recorded
    member        组员          a teacher who belongs to a group
    note          研修笔记      what a participant wrote: a note or a reflection (反思)
    pack          规则包        a dated, cited set of rules of credit
    post          岗位          what somebody is appointed to: class head, librarian, …
    rank          职称          professional rank, such as senior teacher
    recognition   学分认定      the act by which attendance becomes entries
    requirement   要求          the least that a rule demands
    scope         管辖范围      where an actor holds a permission
    session       场次          one sitting of an activity
    stage         学段          kindergarten, primary, junior or senior secondary
    standing      学分状况      what counts for a person in a cycle, and what is missing
    unit          单位          a city's or county's bureau, or a school
"""
