import Attempts
import Serving
import Testing

@Suite("Whether an instance is well") struct HealthTests {
    private func health(rise: Int, fall: Int) -> Health {
        var check = HealthCheck(.accepts)
        check.rise = rise
        check.fall = fall
        return Health(check)
    }

    private func expectNote(
        _ isNew: Bool, _ finding: Finding, _ health: inout Health,
        at place: SourceLocation = #_sourceLocation
    ) {
        let isTold = health.note(finding)
        #expect(isTold == isNew, sourceLocation: place)
    }

    @Test func `it is well after so many good looks in a row`() {
        var health = health(rise: 2, fall: 1)
        expectNote(false, .well(by: nil), &health)
        #expect(health.condition == .starting)
        expectNote(true, .ill("refused"), &health)
        expectNote(false, .well(by: nil), &health)
        expectNote(true, .well(by: nil), &health)
        #expect(health.condition == .healthy)
        #expect(health.cause == nil)
    }

    @Test func `it is ill after so many bad looks in a row, and no sooner`() {
        var health = health(rise: 1, fall: 3)
        _ = health.note(.well(by: nil))
        expectNote(false, .ill("a"), &health)
        expectNote(false, .ill("b"), &health)
        expectNote(false, .well(by: nil), &health)
        for cause in ["a", "b"] { expectNote(false, .ill(cause), &health) }
        expectNote(true, .ill("c"), &health)
        #expect(health.condition == .unhealthy)
        #expect(health.cause == "c")
        expectNote(true, .well(by: nil), &health)
        #expect(health.condition == .healthy)
    }

    @Test func `one that was never well is starting, with the cause`() {
        var health = health(rise: 1, fall: 1)
        expectNote(true, .ill("refused"), &health)
        expectNote(false, .ill("refused"), &health)
        #expect(health.condition == .starting)
        #expect(health.cause == "refused")
    }
}

@Suite("What listens where") struct ListeningPortsTests {
    private static let table = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
           0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000
           1: 0100007F:1F40 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000
        """
    private static let sixth = """
          sl  local_address                         remote_address                        st
           0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 0
        """

    @Test func `is read from the kernel's tables`() {
        #expect(ListeningPorts.all(in: [Self.table, Self.sixth, ""]) == [80, 8_000])
    }

    @Test func `is told where nobody answers`() {
        #expect(
            ListeningPorts.cause(8_080, listening: []) == "nothing listens on port 8080 ($PORT)")
        #expect(
            ListeningPorts.cause(8_080, listening: [80, 8_000])
                == "it listens on 80, 8000 and not on 8080, which is its $PORT")
        #expect(
            ListeningPorts.cause(80, listening: [80])
                == "it listens on port 80, but not at an address of its own loopback")
    }
}
