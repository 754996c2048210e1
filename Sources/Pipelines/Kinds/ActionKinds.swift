/// The kinds there are, one line each; the reader, the schema and the help learn of them from here.
package enum ActionKinds {
    package static let all: [any ActionKind.Type] = [
        Run.self, Approval.self, Image.self, Deploy.self,
    ]
}
