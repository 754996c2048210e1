import HTTP
import Testing

@Suite("Events in a stream") struct EventTextTests {
    @Test(
        "each line of the data is a line of the event",
        arguments: [
            ("", "data: \n\n"), ("a", "data: a\n\n"), ("a\nb", "data: a\ndata: b\n\n"),
            ("a\r\nb", "data: a\ndata: b\n\n"), ("a\rb", "data: a\ndata: b\n\n"),
            ("\n", "data: \ndata: \n\n"), ("a\n\nb", "data: a\ndata: \ndata: b\n\n"),
            ("a\r\r\nb", "data: a\ndata: \ndata: b\n\n"), (":a", "data: :a\n\n"),
            ("id: 7\n\ndata: x", "data: id: 7\ndata: \ndata: data: x\n\n"),
        ])
    func data(data: String, text: String) { #expect(EventText.event(data: data) == text) }

    @Test func `an id and a name stand before the data`() {
        let text = EventText.event(id: "42", name: "log", data: "x")
        #expect(text == "id: 42\nevent: log\ndata: x\n\n")
    }

    @Test(
        "an id or a name cannot begin another line",
        arguments: ["7\ndata: evil", "7\r\ndata: evil", "7\rdata: evil", "7\u{0}8"])
    func breaks(id: String) {
        #expect(EventText.event(id: id, name: id, data: "x") == "id: 7\nevent: 7\ndata: x\n\n")
    }

    @Test func `a heartbeat is no event`() {
        #expect(EventText.heartbeat == ":\n\n")
        #expect(EventText.retry(milliseconds: 2_000) == "retry: 2000\n\n")
    }
}
