import Support
import Testing

@Suite("slipway run, of a pipeline that deploys") struct DeployRunTests {
    @Test func `runs nothing of it, because what is deployed outlives a command`() throws {
        let project = try Project(
            """
              - name: build
                actions: { make: { run: mkdir out, outputs: { shop: out } } }
              - name: ship
                actions: { go: { deploy: { environment: prod, artifact: shop } } }
            """, extra: "environments: { prod: { services: { web: { run: exec ./shop } } } }")
        let ran = try project.run()
        #expect(ran.code != 0)
        let said = ran.output + ran.errors
        #expect(
            said.contains("ship/go deploys, and what is deployed outlives this command"), "\(said)")
        #expect(said.contains("run the pipeline on a server"))
        #expect(!said.contains("build/make"))
    }
}
