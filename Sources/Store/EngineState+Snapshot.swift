import Engine
import FoundationEssentials

extension EngineState {
    func snapshot() throws(StoreError) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(self))
        } catch {
            throw StoreError(
                .other, "write a snapshot", problem: "\(error)",
                hint: "this is a mistake in Slipway; please report it")
        }
    }

    init?(snapshot bytes: [UInt8]) {
        guard let state = try? JSONDecoder().decode(EngineState.self, from: Data(bytes)) else {
            return nil
        }
        self = state
    }
}
