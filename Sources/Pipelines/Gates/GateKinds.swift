// The gates there are, one line each; the reader, the schema and the help learn of them from here.
package enum GateKinds {
    package static let all: [any GateKind.Type] = [
        ApprovalGate.self, WindowGate.self, WaitGate.self, CheckGate.self, ValueGate.self,
    ]
}
