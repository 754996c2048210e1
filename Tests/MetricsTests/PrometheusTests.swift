import Metrics
import Testing

@Suite("What Prometheus answers") struct PrometheusTests {
    private func values(_ body: String, status: Int = 200) throws -> [Double] {
        try Prometheus.values(status: status, body: Array(body.utf8))
    }

    private func answer(_ data: String) -> String { #"{"status":"success","data":\#(data)}"# }

    @Test func `is a value for each series`() throws {
        let vector = answer(
            """
            {"resultType":"vector","result":[{"metric":{},"value":[1700000000.1,"0.5"]},
            {"metric":{"job":"a"},"value":[1700000000.1,"3e2"]}]}
            """)
        #expect(try values(vector) == [0.5, 300])
        #expect(try values(answer(#"{"resultType":"vector","result":[]}"#)) == [])
        #expect(
            try values(answer(#"{"resultType":"scalar","result":[1.5,"-2"]}"#)) == [-2])
    }

    @Test func `what is no number is no value that could be too high or too low`() throws {
        let none = try values(answer(#"{"resultType":"scalar","result":[1.5,"NaN"]}"#))
        #expect(none.count == 1 && none.allSatisfy(\.isNaN))
    }

    @Test(
        "says what is wrong with a question, or with whoever answers",
        arguments: [
            (
                400, #"{"status":"error","errorType":"bad_data","error":"parse error: unclosed"}"#,
                "parse error: unclosed"
            ),
            (502, "<html>", "it answers 502, and not as Prometheus does"),
            (
                200, #"{"status":"success","data":{"resultType":"matrix","result":[]}}"#,
                "it gives a 'matrix', and a value for each series is needed"
            ),
            (200, #"{"status":"success"}"#, "it answers 200"),
        ])
    func problem(status: Int, body: String, words: String) {
        #expect(throws: Prometheus.Problem(words)) { try values(body, status: status) }
    }
}
