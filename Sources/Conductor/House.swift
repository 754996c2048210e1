package import Assignments
package import Engine
package import Pipelines
package import Store

/// The conductor at work: it decides what comes in, compares what is wanted with what is there, and
/// has the hands close the difference, until neither gives anything more to do.
package struct House<Store: RecordStore & ~Copyable, Worker: Hands>: ~Copyable {
    /// That an attempt has begun may be recorded this much later, together with what comes next:
    /// most short ones have ended by then, which saves a write to the disk.
    package static var patience: Duration { .milliseconds(20) }

    private var conductor: Conductor<Store>
    private let hands: Worker
    private let estate: any Estate
    /// Whether a window is open at a moment, and for how long that will not change.
    private let look: (Window, Moment) -> WindowView
    private var hours: HoursWatch
    private var windows: [GateID: (view: WindowView, until: Steady)] = [:]
    private var unheard: [Record] = []
    /// When the engine last had a look at the time.
    private var asked = Steady(milliseconds: .min)
    /// Attempts that have begun, which is not on the record yet.
    private var unsaid: (since: Steady, attempts: Set<AttemptID>)?

    package init(
        _ conductor: consuming Conductor<Store>, hands: Worker, estate: any Estate = NoEstate(),
        hours: @escaping (OpeningHours, Moment) -> HoursView = { _, _ in .open },
        look: @escaping (Window, Moment) -> WindowView
    ) {
        self.hours = HoursWatch(look: hours)
        self.conductor = conductor
        self.hands = hands
        self.estate = estate
        self.look = look
    }

    package var state: EngineState { conductor.state }

    /// Whether anything new is begun. What is not waits for its turn.
    package var begins = true

    /// What was recorded since this was last asked.
    package mutating func news() -> [Record] {
        defer { unheard = [] }
        return unheard
    }

    /// Decides the messages and all that follows from them and from what the hands know by now. The
    /// messages are answered as soon as what came of them is on the record: if it fails after that,
    /// they have been taken all the same.
    package mutating func turn(
        _ messages: [Message], at now: Moment, answer: ([Reply]) -> Void = { _ in }
    ) throws(StoreError) {
        var pending = messages
        if due(now.steady) { pending.append(Message(.look, by: .slipway)) }
        var isFirst = true
        // Before anything that might begin by hours that are over.
        let turned = hours.turned(in: conductor.state, at: now)
        if !turned.isEmpty {
            _ = try conductor.step(turned, at: now)
            unheard += conductor.recorded
        }
        while true {
            pending += findings(at: now, pressing: !pending.isEmpty)
            if pending.isEmpty, !isFirst { return }
            if !pending.isEmpty {
                let answers = try conductor.step(pending, at: now)
                unheard += conductor.recorded
                asked = now.steady
                if isFirst, !messages.isEmpty { answer(Array(answers.prefix(messages.count))) }
            }
            isFirst = false
            pending = []
            carryOut(conductor.state.difference(from: hands.observed).orders, at: now)
            estate.keep(conductor.state.environments.mapValues(\.site))
        }
    }

    /// How long nothing has to be done unless something is heard; nothing if that is for ever.
    package func pause(at now: Steady) -> Duration? {
        let times =
            [state.nextWake(after: asked), unsaid.map { $0.since + Self.patience }]
            + windows.values.map(\.until) + hours.ends
        return times.compactMap(\.self).min().map { max(.zero, $0 - now) }
    }

    private func due(_ now: Steady) -> Bool {
        state.nextWake(after: asked).map { $0 <= now } ?? false
    }

    /// What is to be decided because it was seen. That something has begun is no news that anything
    /// waits for, so it can wait a little for company.
    private mutating func findings(at now: Moment, pressing: Bool) -> [Message] {
        var findings = conductor.state.difference(from: hands.observed).findings
        let deployed = conductor.state.news(of: estate.facts)
        let begun = findings.compactMap { if case .started(let id) = $0 { id } else { nil } }
        let isPressing = pressing || findings.count > begun.count || !deployed.isEmpty
        if begun.isEmpty {
            unsaid = nil
        } else if !isPressing {
            let since = unsaid?.since ?? now.steady
            if now.steady < since + Self.patience {
                unsaid = (since, Set(begun))
                findings = []
            } else {
                unsaid = nil
            }
        } else {
            unsaid = nil
        }
        findings += deployed
        return (findings + turnedWindows(at: now)).map { Message($0, by: .slipway) }
            + hours.turned(in: conductor.state, at: now)
    }

    private mutating func carryOut(_ orders: [Order], at now: Moment) {
        for order in orders {
            switch order {
            case .start where !begins: break
            case .start(let attempt):
                do throws(Unassignable) {
                    hands.start(try state.assignment(for: attempt))
                } catch {
                    hands.refuse(attempt, because: error.description)
                }
            case .kill(let attempt): hands.kill(attempt)
            case .collect(let attempt): hands.collect(attempt)
            case .watch: break
            }
        }
    }

    /// Windows that show another face than the engine has been told of.
    private mutating func turnedWindows(at now: Moment) -> [Command] {
        var turned: [Command] = []
        var watched: [GateID: (view: WindowView, until: Steady)] = [:]
        for case .watch(let gate, let window) in state.wanted {
            let known = windows[gate]
            if let known, known.until > now.steady {
                watched[gate] = known
                continue
            }
            let view = look(window, now)
            if known?.view.isOpen != view.isOpen {
                turned.append(.window(gate, isOpen: view.isOpen))
            }
            watched[gate] = (view, now.steady + view.lasts)
        }
        windows = watched
        return turned
    }
}

extension House where Store == SQLiteStore {
    /// After a turn that failed because the disk was full: goes on from what is on the record.
    package mutating func recover() throws(StoreError) {
        try conductor.recover()
        windows = [:]
        hours.forget()
        unsaid = nil
        asked = Steady(milliseconds: .min)
    }
}

/// A window as it is seen at one moment.
package struct WindowView: Hashable, Sendable {
    package let isOpen: Bool
    /// How long it surely stays so. Looking again early does no harm.
    package let lasts: Duration

    package init(isOpen: Bool, lasts: Duration) {
        self.isOpen = isOpen
        self.lasts = lasts
    }
}
