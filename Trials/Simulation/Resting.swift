package import Engine
import Pipelines

// All faults end, everything is delivered, everybody answers: whatever is alive has to come to its
// end.
extension World where Tried: ~Copyable {
    package mutating func comeToRest() throws(Violation) {
        bench.disk.arm(nil)
        for _ in 0..<400 {
            try perform(.look)
            while !orders.isEmpty { try perform(.order(0, .once)) }
            while !runner.running.isEmpty {
                try perform(.attemptEnds(0, .init(end: .succeeded)))
            }
            try perform(.look)
            try openDoors()
            try openWindows()
            try answerAll()
            if let wake = state.nextWake(after: now.steady) {
                try perform(.pass(milliseconds: wake.milliseconds - now.steady.milliseconds))
            }
            if state.pipelines.values.allSatisfy({ $0.live.allSatisfy { _ in false } }),
                state.runners.underWay.isEmpty
            {
                return try checkState()
            }
        }
        let live = state.pipelines.values.flatMap { $0.live }.map(\.id).sorted()
        throw Violation(
            .comesToRest, "\(live.map(\.description)): \(live.first.map { state.why($0) } ?? [])")
    }

    private mutating func openDoors() throws(Violation) {
        let admin = Who.person(Person("ada", roles: ["admins"]))
        for name in state.pipelines.keys.sorted() {
            for (stage, door) in state.pipelines[name]?.stages ?? [:] where door.closed != nil {
                try perform(.tell([Told(command: .open(name, stage, reason: "over"), by: admin)]))
            }
        }
        for (runner, places) in state.runners.places where places == 0 {
            try perform(.tell([Told(command: .configure(runner, places: 2), by: admin)]))
        }
    }

    private mutating func openWindows() throws(Violation) {
        let count = state.wanted.count { if case .watch = $0 { true } else { false } }
        for place in 0..<count { try perform(.window(place, isOpen: true)) }
    }

    private mutating func answerAll() throws(Violation) {
        for asking in state.askings {
            for person in Scenario.people {
                let answer = Answer(asking.id, .approve, comment: "fine", subject: asking.subject)
                try perform(.tell([Told(command: .answer(answer), by: .person(person))]))
            }
        }
    }
}

extension EngineState {
    /// Every question that is open.
    package var askings: [Asking] {
        pipelines.keys.sorted().flatMap { name in
            (pipelines[name]?.live.map(\.self) ?? []).flatMap { execution -> [Asking] in
                guard let passage = execution.passage else { return [] }
                var open: [Asking] = []
                if case .asking(let asking) = passage.gates.current { open.append(asking) }
                for action in passage.actions {
                    if case .asking(let asking) = action.status { open.append(asking) }
                }
                return open
            }
        }
    }
}
