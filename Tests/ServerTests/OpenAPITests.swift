import FoundationEssentials
import Glibc
import HTTP
import JSON
import People
import Server
import Testing

@Suite("The description of the API") struct OpenAPITests {
    @Test func `is served as it is written for the check by another validator`() async throws {
        let scene = try Scene(definitions: [])
        let response = await scene.ask(.get, "/api/v1/openapi.json")
        #expect(response.text == OpenAPI.text)
        #expect(response.headers["Content-Type"] == "application/json")
        let tag = try #require(response.headers["ETag"])
        let again = await scene.ask(.get, "/api/v1/openapi.json", ["If-None-Match": tag])
        #expect(again.status == 304)
        if let path = unsafe getenv("SLIPWAY_API_DOCUMENT").map({ unsafe String(cString: $0) }) {
            try Data(response.bytes).write(to: URL(filePath: path))
        }
    }

    @Test func `names each operation and each shape once`() {
        let names = Routes.all.map(\.identifier)
        #expect(Set(names).count == names.count)
        var shapes: [String: NamedShape] = [:]
        for shape in OpenAPI.mentioned {
            #expect(shapes[shape.name, default: shape] == shape, "\(shape.name) means two things")
            shapes[shape.name] = shape
        }
    }

    @Test func `no shape of an answer but that of a new token has room for one`() {
        // The record's hash, and what kind of thing a definition names.
        let others: Set = ["Verdict", "Need"]
        for shape in OpenAPI.mentioned where shape.name != "NewToken" {
            for word in ["\"hash\"", "\"secret\"", "\"value\""] where !others.contains(shape.name) {
                #expect(!shape.shape.json.text.contains(word), "\(shape.name): \(word)")
            }
        }
    }

    /// `SLIPWAY_WRITE_GOLDEN=1` writes it anew.
    @Test func `is the table that people read`() throws {
        let root = String(#filePath.dropLast("Tests/ServerTests/OpenAPITests.swift".count))
        let file = URL(filePath: root + "docs/api.md")
        let page = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let parts = page.components(around: "<!-- routes -->\n", "<!-- /routes -->")
        let written = try #require(parts, "docs/api.md has lost its marks")
        if unsafe getenv("SLIPWAY_WRITE_GOLDEN") != nil {
            let text =
                written.before + "<!-- routes -->\n" + RouteTable.text + "<!-- /routes -->"
                + written.after
            try Data(text.utf8).write(to: file)
            return
        }
        #expect(written.inside == RouteTable.text)
    }
}

extension String {
    fileprivate func components(
        around start: String, _ end: String
    ) -> (before: String, inside: String, after: String)? {
        guard let first = firstRange(of: start),
            let last = self[first.upperBound...].firstRange(of: end)
        else { return nil }
        return (
            String(self[..<first.lowerBound]), String(self[first.upperBound..<last.lowerBound]),
            String(self[last.upperBound...])
        )
    }
}
