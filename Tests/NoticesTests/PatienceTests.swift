import Notices
import Testing

@Suite("Trying again") struct PatienceTests {
    @Test func `takes longer each time, up to ten minutes`() {
        var patience = Patience()
        let pauses = (0..<7).map { _ in patience.next(after: .failed("x"), age: .seconds(1)) }
        #expect(
            pauses
                == [1, 5, 30, 120, 600, 600, 600].map { .again(in: .seconds($0)) })
        #expect(patience.next(after: .taken, age: .seconds(1)) == .done)
    }

    @Test func `ends when it is about yesterday`() {
        var patience = Patience()
        #expect(patience.next(after: .failed("x"), age: Patience.longest) == .giveUp("x"))
        #expect(patience.next(after: .taken, age: Patience.longest) == .done)
    }

    @Test func `ends soon where nobody wants it`() {
        var patience = Patience()
        for _ in 1..<Patience.mostRejections {
            guard case .again = patience.next(after: .rejected("no"), age: .zero) else {
                Issue.record("gave up too early")
                return
            }
        }
        #expect(patience.next(after: .rejected("no"), age: .zero) == .giveUp("no"))
    }
}
