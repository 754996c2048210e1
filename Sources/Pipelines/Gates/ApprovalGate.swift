/// Opened by people.
package struct ApprovalGate: GateKind {
    package static let key = "approval"
    package static let about = "people who have to say yes"

    package let approval: Approval

    package var opening: Opening { .approval(approval.rule) }
    package var templates: [Template] { approval.templates }
    package var summary: String { approval.summary }

    package static func read(_ keys: inout Keys) -> ApprovalGate? {
        keys.required(key, Approval.shape, about: about).map(ApprovalGate.init)
    }
}
