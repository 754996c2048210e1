import Addresses
import Balancer
import Support
import Testing

@Suite("What HAProxy is given to read") struct ConfigurationTests {
    @Test(
        "a name is one word",
        arguments: [
            "", "a b", "a\nb", "a;b", "a#b", "a'b", "a\"b", "a\\b", "a$b", "a/b", "-a", ".a", "ä",
            "a\0b", "a\tb", "a{b", String(repeating: "a", count: 65), "a\n    bind :80",
        ])
    func hostile(name: String) {
        #expect(throws: BalancerProblem.badName(name)) { try BalancerName(name) }
    }

    @Test(
        "a path of a health check is one word",
        arguments: [
            "", "health", "/a b", "/a\nb", "/a'b", "/a\"b", "/a$b", "/a#b", "/a\\b", "/a;b", "/ä",
        ])
    func hostile(path: String) {
        #expect(throws: BalancerProblem.self) { try HealthCheck(path: path) }
    }

    @Test func `numbers that HAProxy would not take are refused before`() {
        #expect(throws: BalancerProblem.self) { try HealthCheck(path: "/", fall: 0) }
        #expect(throws: BalancerProblem.self) { try HealthCheck(path: "/", rise: -1) }
        #expect(throws: BalancerProblem.self) { try HealthCheck(path: "/", interval: .zero) }
        #expect(throws: BalancerProblem.self) { try HealthCheck(path: "/", statuses: 0...700) }
        #expect(throws: BalancerProblem.self) { try HealthCheck(path: "/", host: "a b") }
    }

    @Test func `a frontend leads to a backend that is there, and names are given once`() throws {
        let (web, api) = (try BalancerName("web"), try BalancerName("api"))
        #expect(
            throws: BalancerProblem.missing(what: "backend", name: "api", wantedBy: "'web'")
        ) {
            try BalancerConfiguration(
                frontends: [.init(web, at: [], to: api)], backends: [.init(web, check: nil)])
        }
        #expect(throws: BalancerProblem.twice(what: "backends", name: "web")) {
            try BalancerConfiguration(
                frontends: [], backends: [.init(web, check: nil), .init(web, check: nil)])
        }
    }

    @Test func `HAProxy takes all that can be said, without a warning`() throws {
        let files = try Folder()
        let folder = try BalancerFolder(files.path)
        let longest = try BalancerName("9" + String(repeating: "-._Az", count: 12))
        let check = try HealthCheck(
            path: "/-._~/?a=b&c+d,e:f@%20", host: "[::1]:80", statuses: 200...200)
        let six = try #require(IPAddress("::1"))
        try folder.write(
            BalancerConfiguration(
                frontends: [
                    .init(longest, at: [Endpoint(six, 18_080), Endpoint(six, 18_081)], to: longest)
                ],
                backends: [.init(longest, check: check), .init(BalancerName("b"), check: nil)]))
        #expect(try mode(of: folder.configuration) == 0o600)
        let told = try Program.run(["/usr/sbin/haproxy", "-c", "-f", folder.configuration])
        #expect(told.code == 0)
        #expect(!(told.output + told.errors).contains("WARNING"))
        #expect(!(told.output + told.errors).contains("ALERT"))
    }

    @Test(arguments: ["tmp/x", "/tmp/a b", "/tmp/a'b", "/tmp/" + String(repeating: "a", count: 99)])
    func `a folder that could not stand in a configuration is refused`(path: String) {
        #expect(throws: BalancerProblem.self) { try BalancerFolder(path) }
    }
}
