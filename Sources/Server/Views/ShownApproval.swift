import Engine
import People
import Pipelines

/// A question to people, with all that they should know before they answer.
struct ShownApproval {
    let asking: Asking
    let execution: Execution
    let rule: ApprovalRule
    let question: String?
    let page: String?
    let asked: Int
    let deadline: Int
    /// Whether whoever looks may answer, as far as permissions and the gate's own rule tell.
    let mayAnswer: Bool
    var ships: [ShownShipment]

    init(
        _ asking: Asking, to execution: Execution, under definition: Definition, for call: Call
    ) {
        self.asking = asking
        self.execution = execution
        rule = definition.rule(of: asking.id) ?? ApprovalRule()
        let state = call.state
        let fill = { (template: Template?) in
            template?.filled { state.value(of: $0, in: $1, for: execution) ?? "" }
        }
        let approval = definition.approval(asking.id)
        question = fill(approval?.ask)
        page = fill(approval?.url)
        deadline = call.wall(of: asking.deadline)
        asked = call.wall(of: asking.deadline + (.zero - rule.within))
        mayAnswer = call.mayAnswer(asking, rule, execution)
        ships = state.shipments(of: execution, at: asking.id.visit.stage, under: definition)
    }

    /// With the commits of each source, as far as they can be told.
    func shipping(by shipping: any Shipping) -> ShownApproval {
        var all = self
        for index in all.ships.indices {
            guard let from = all.ships[index].from else { continue }
            all.ships[index].content = shipping.commits(
                from: from.id, to: all.ships[index].revision.id,
                of: all.ships[index].source)
        }
        return all
    }
}

/// What an approval would bring of one source.
struct ShownShipment {
    let source: Source
    let revision: Revision
    /// What the last execution that succeeded there had brought.
    let from: Revision?
    var content: Shipment?
}

extension EngineState {
    func shipments(
        of execution: Execution, at stage: StageName, under definition: Definition
    ) -> [ShownShipment] {
        let pipeline = pipelines[execution.id.pipeline]
        let earlier = pipeline?.stages[stage]?.successes.last { $0 != execution.id.number }
        let before = earlier.flatMap { pipeline?.execution($0) }?.revisions ?? []
        return execution.revisions.compactMap { revision in
            guard let source = definition.sources.first(where: { $0.name == revision.source })
            else { return nil }
            return ShownShipment(
                source: source, revision: revision,
                from: before.first { $0.source == revision.source })
        }
    }
}

extension Definition {
    fileprivate func approval(_ id: ApprovalID) -> Approval? {
        switch id {
        case .gate(let gate): (self.gate(gate)?.kind as? ApprovalGate)?.approval
        case .attempt(let attempt):
            action(of: attempt).flatMap { ($0.work as? Approval) ?? ($0.work as? Deploy)?.pause }
        }
    }
}

extension Call {
    /// When the wall's clock shows, or showed, a time of the steady one.
    func wall(of time: Steady) -> Int {
        let (sum, overflow) = now.wall.subtractingReportingOverflow(now.steady.milliseconds)
        let (wall, beyond) = sum.addingReportingOverflow(time.milliseconds)
        // The last moment that can be written as a date of four digits.
        let last: Int64 = 253_402_300_799_999
        return Int(overflow || beyond ? last : min(wall, last))
    }

    fileprivate func mayAnswer(
        _ asking: Asking, _ rule: ApprovalRule, _ execution: Execution
    ) -> Bool {
        guard let caller else { return false }
        let stage = asking.id.visit.stage
        let pipeline = execution.id.pipeline
        let reached = state.environments(of: stage, in: pipeline)
        guard caller.may(.release, on: pipeline, reaching: reached) else { return false }
        let name = caller.name.description
        let roles = caller.roles(on: pipeline, reaching: reached)
        let isNamed =
            rule.by.isEmpty || rule.by.contains(name) || roles.contains(where: rule.by.contains)
        let isAuthor = rule.fourEyes && execution.authors.contains(name)
        return isNamed && !isAuthor && !asking.votes.contains { $0.person.name == name }
    }
}

extension ShownApproval {
    static let view = View<ShownApproval>(
        "Approval", "What people are asked.",
        [
            .text("id", "What to answer it by.") { $0.asking.id.address },
            .text("pipeline", "The pipeline.") { $0.execution.id.pipeline.description },
            .text("execution", "The execution.") { "\($0.execution.id)" },
            .text("stage", "The stage.") { $0.asking.id.visit.stage.description },
            .optionalText("question", "What is asked, in the author's words.") { $0.question },
            .optionalText("url", "A page to look at first.") { $0.page },
            .text("subject", "A digest of all that would be approved.") { $0.asking.subject },
            .texts("by", "Whose word counts: names and roles; anybody's if empty.") { $0.rule.by },
            .count("needed", "How many different people have to approve.") { $0.rule.needed },
            .truth("four-eyes", "Whether authors and whoever started it do not count.") {
                $0.rule.fourEyes
            },
            .truth("reason-required", "Whether a comment has to be given.") {
                $0.rule.reasonRequired
            },
            .list("votes", "Who has approved so far.", of: voteView) { $0.asking.votes },
            .time("asked", "When it was asked.") { $0.asked },
            .time("deadline", "Until when it can be answered.") { $0.deadline },
            .truth("may-answer", "Whether your word would count.") { $0.mayAnswer },
            .list("ships", "What would ship.", of: ShownShipment.view) { $0.ships },
        ])
}

private let voteView = View<Asking.Vote>(
    "Vote", "That somebody has approved.",
    [
        .text("person", "Who.") { $0.person.name },
        .text("comment", "What they said.") { $0.comment },
    ])

extension ShownShipment {
    static let view = View<ShownShipment>(
        "Shipment", "What would ship of one source.",
        [
            .text("source", "The source.") { $0.source.name.description },
            .optionalText("from", "The commit, or the image's digest, that is there now.") {
                $0.from?.id
            },
            .text("to", "The commit, or the image's digest, that would be.") { $0.revision.id },
            .text("ref", "Where it was found.") { $0.revision.ref },
            .truth("known", "Whether the commits between them can be told.") { $0.content != nil },
            .truth("cut", "Whether there are more commits than are told.") {
                $0.content?.isCut ?? false
            },
            .list("commits", "The commits between them, the newest first.", of: commitView) {
                $0.content?.commits ?? []
            },
            .texts("files", "The first 300 of the files that differ.") {
                $0.content?.files ?? []
            },
        ])
}

private let commitView = View<Shipment.Commit>(
    "Commit", "A commit.",
    [
        .text("id", "Its digest.") { $0.id },
        .text("subject", "The first line of its message.") { $0.subject },
        .text("author", "Who wrote it.") { $0.author },
        .time("time", "When.") { $0.time },
    ])
