import HTTP
import Microhttpd
import Testing

@Suite("The way of a request through the server") struct PassageTests {
    private static let answer = Response(200)
    private static let other = Response(503)

    private static func sending() -> Passage {
        var passage = Passage()
        _ = passage.hand()
        _ = passage.answer(answer)
        _ = passage.collect()
        return passage
    }

    @Test func `an answer at once suspends nothing`() {
        var passage = Passage()
        #expect(passage.hand() == true)
        #expect(passage.answer(Self.answer) == .none)
        #expect(passage.collect()?.status == 200)
    }

    @Test func `an answer that comes later resumes what was suspended for it`() {
        var passage = Passage()
        #expect(passage.hand() == true)
        #expect(passage.collect() == nil)
        #expect(passage.answer(Self.answer) == .resume)
        #expect(passage.hand() == false)
        #expect(passage.collect()?.status == 200)
    }

    @Test func `only the first answer counts`() {
        var passage = Self.sending()
        #expect(passage.answer(Self.other) == .ignored)
        #expect(passage.collect() == nil)
    }

    @Test func `an answer that comes when all is over is given back`() {
        var passage = Passage()
        #expect(passage.leave() == nil)
        #expect(passage.answer(Self.answer) == .ignored)
        var answered = Passage()
        _ = answered.hand()
        _ = answered.answer(Self.answer)
        #expect(answered.leave()?.status == 200)
    }

    @Test func `a word that comes while the stream is asked is not lost`() {
        var passage = Self.sending()
        #expect(passage.ask() == true)
        #expect(passage.wake() == .none)
        #expect(passage.rest() == .askAgain)
        #expect(passage.ask() == true)
        #expect(passage.rest() == .suspend)
    }

    @Test func `one suspension has one resumption, however often it is woken`() {
        var passage = Self.sending()
        #expect(passage.wake() == .none)
        #expect(passage.ask() == true)
        #expect(passage.rest() == .suspend)
        #expect(passage.wake() == .resume)
        #expect(passage.wake() == .none)
        #expect(passage.hangUp() == .none)
        #expect(passage.ask() == true)
        passage.give()
        #expect(passage.ask() == true)
        #expect(passage.rest() == .breakOff)
    }

    @Test func `a client that has hung up is not rested for, but gets what there is`() {
        var passage = Self.sending()
        #expect(passage.hangUp() == .none)
        #expect(passage.ask() == true)
        passage.give()
        #expect(passage.ask() == true)
        #expect(passage.rest() == .breakOff)
        var resting = Self.sending()
        _ = resting.ask()
        _ = resting.rest()
        #expect(resting.hangUp() == .resume)
        #expect(resting.ask() == false)
    }

    @Test func `a cut ends it wherever it is`() {
        var arriving = Passage()
        #expect(arriving.cut(with: Self.other) == .none)
        #expect(arriving.hand() == true)
        #expect(arriving.collect()?.status == 503)
        var waiting = Passage()
        _ = waiting.hand()
        _ = waiting.collect()
        #expect(waiting.cut(with: Self.other) == .resume)
        #expect(waiting.collect()?.status == 503)
        var sending = Self.sending()
        #expect(sending.cut(with: Self.other) == .none)
        #expect(sending.ask() == false)
        var resting = Self.sending()
        _ = resting.ask()
        _ = resting.rest()
        #expect(resting.cut(with: Self.other) == .resume)
        #expect(resting.ask() == false)
    }
}
