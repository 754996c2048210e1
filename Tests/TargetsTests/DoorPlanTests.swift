import Balancer
import Deployment
import Pipelines
import Targets
import Testing

@Suite("Who is let in where") struct DoorPlanTests {
    private let prod: EnvironmentName
    private let web: RoleName
    private var site: Site
    private var sights: [InstanceID: Sight] = [:]

    init() throws {
        prod = try #require(EnvironmentName("prod"))
        web = try #require(RoleName("web"))
        site = try TargetsTests.site()
        for (index, instance) in site.instances.keys.sorted().enumerated() {
            let door = site.instances[instance]?.role == web ? "127.70.0.\(index + 1):4000" : nil
            sights[instance] = Sight(.healthy, door: door)
        }
    }

    private var post: DoorPlan.Post { DoorPlan.Post(environment: prod, role: web) }

    private mutating func see(_ sighting: SiteSighting) throws {
        _ = try site.decide(.see(sighting), at: .zero)
    }

    @Test func `a place is taken before anybody is led there`() throws {
        let plan = try DoorPlan([prod: site], [prod: sights])
        #expect(plan.text == "prod.web 127.0.0.1:8080\n")
        let pool = try Pool(
            BalancerName("prod.web"), check: nil, lanes: [],
            resting: [member(1), member(2)])
        #expect(plan.pools[post] == pool)
    }

    private func member(_ number: Int) throws -> Member {
        Member(
            try BalancerName("i\(number)"),
            at: try #require(Endpoint("127.70.0.\(number):4000")))
    }

    @Test mutating func `those who are well share what their version gets`() throws {
        for id in site.instances.keys.sorted() { try see(.healthy(id)) }
        let plan = try DoorPlan([prod: site], [prod: sights])
        let pool = try Pool(
            BalancerName("prod.web"), check: nil,
            lanes: [.init(percent: 100, members: [member(1), member(2)])])
        #expect(plan.pools[post] == pool)
        #expect(plan.lacking.isEmpty)
    }

    @Test mutating func `one who should be reached and cannot is told of`() throws {
        for id in site.instances.keys.sorted() { try see(.healthy(id)) }
        sights[InstanceID(1)] = Sight(.gone("killed"))
        let plan = try DoorPlan([prod: site], [prod: sights])
        #expect(plan.lacking == [post])
    }

    @Test func `no two posts have one name`() throws {
        let names = [("a.b", "c"), ("a", "b.c"), ("a", "b"), ("a@b", "c"), ("a.b", "c.d")]
        let words = try names.map { environment, role in
            DoorPlan.Post(
                environment: try #require(EnvironmentName(environment)),
                role: try #require(RoleName(role))
            ).word
        }
        #expect(Set(words).count == names.count)
        for word in words { _ = try BalancerName(word) }
        #expect(words[2] == "a.b")
        let long = String(repeating: "l", count: 90)
        let post = DoorPlan.Post(
            environment: try #require(EnvironmentName(long)), role: try #require(RoleName("web")))
        _ = try BalancerName(post.word)
    }
}
