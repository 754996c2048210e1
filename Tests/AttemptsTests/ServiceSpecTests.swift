import Attempts
import Testing

@Suite("What a supervisor of a service is told, and tells") struct ServiceSpecTests {
    @Test(
        "reads as it was written",
        arguments: [
            HealthCheck.Kind.http(path: "/health?x=1", host: "shop.example", statuses: 200...399),
            .accepts, .command("test -e ready\ntrue"), .lives,
        ])
    func spec(kind: HealthCheck.Kind) throws {
        var spec = AttemptSpec(id: "staging/i1", steps: [], filter: "filter")
        var health = HealthCheck(kind)
        health.intervalMilliseconds = 7
        health.timeoutMilliseconds = 8
        health.rise = 9
        health.fall = 10
        var service = ServiceSpec(
            port: kind == .lives ? nil : 8_080, addresses: ["127.64.0.1", "127.64.0.2"],
            health: health, bell: "/house/instances/.bell")
        service.isReadOnly = true
        service.logBytes = 12_345
        spec.service = service
        #expect(try AttemptSpec(Fields(parsing: spec.fields.bytes)) == spec)
    }

    @Test(
        "is told back as it is",
        arguments: [
            ServiceReading(.starting), ServiceReading(.healthy, door: "127.64.0.1:40000"),
            ServiceReading(.unhealthy, cause: "refused\nthat is", door: "127.64.0.1:40000"),
            ServiceReading(.stopping),
        ])
    func reading(reading: ServiceReading) throws {
        #expect(try ServiceReading(Fields(parsing: reading.fields.bytes)) == reading)
    }

    @Test func `a condition that nobody knows is a mistake`() throws {
        var fields = Fields()
        fields.add("condition", "sleeping")
        let strange = fields
        #expect(throws: FieldError("'condition' is unknown")) { try ServiceReading(strange) }
    }
}
