/// The word of people.
package struct Approval: ActionKind {
    package static let key = "approval"
    package static let about = "people who have to say yes"

    package let rule: ApprovalRule
    package let ask: Template?
    package let url: Template?

    package var needs: Needs { .people(rule) }
    package var templates: [Template] { [ask, url].compactMap(\.self) }
    package var standardRetry: RetryPolicy { .never }
    package var summary: String { rule.summary }

    package static func read(_ keys: inout Keys) -> Approval? {
        keys.required(key, Approval.shape, about: about)
    }
}

extension ApprovalRule {
    var summary: String {
        let whom = by.isEmpty ? "anybody who may approve" : by.joined(separator: " or ")
        return
            "\(needed == 1 ? "approval" : "\(needed) approvals") by \(whom), within \(within.short)"
            + (fourEyes ? ", four eyes" : "")
    }
}

extension Approval {
    package static let shape = Shape<Approval>.either(
        Shape<[String]>.oneOrMany(.entitled).map { names in
            Approval(rule: ApprovalRule(by: names), ask: nil, url: nil)
        }, or: full)

    private static let full = Shape<Approval>.mapping(about: "who has to approve, and by when") {
        keys in
        let by = keys.optional(
            "by", .oneOrMany(.entitled),
            about: "names and roles; anybody who may approve if left out")
        let needed = keys.optional("needed", .whole(1...20), about: "how many different people")
        let within = keys.optional("within", .duration, about: "how long they are asked")
        let fourEyes = keys.optional(
            "four-eyes", .truth, about: "whoever wrote, pushed or started it does not count")
        let reason = keys.optional("reason", .truth, about: "whether they have to say why")
        let ask = keys.optional("ask", .template, about: "the question they are asked")
        let url = keys.optional("url", .template, about: "a page to look at before they answer")
        let standard = ApprovalRule()
        let rule = ApprovalRule(
            by: by ?? [], needed: needed ?? 1, within: within ?? standard.within,
            fourEyes: fourEyes ?? false, reasonRequired: reason ?? false)
        return Approval(rule: rule, ask: ask, url: url)
    }
}

extension Shape where Value == String {
    fileprivate static var entitled: Shape {
        Name<EntitledSubject>.shape.map(\.description).mentioned(as: .approver)
    }
}

package enum EntitledSubject: Named { package static let word = "person or role" }
