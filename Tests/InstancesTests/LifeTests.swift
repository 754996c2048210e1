import Attempts
import FoundationEssentials
import Glibc
import Instances
import Sandbox
import Support
import Testing

@Suite("The life of an instance") struct LifeTests {
    @Test func `it becomes healthy, is reached through its door, and is stopped`() throws {
        let house = try Serving()
        try house.instances.launch(try Serving.spec(Serving.good))
        let state = try house.wait { $0.condition == .healthy }
        #expect(state.condition == .healthy)
        #expect(state.cause == nil)
        let door = try #require(state.door)
        #expect(door.hasPrefix("127."))
        let client = try TestSocket(door: door)
        client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(client.receiveToEnd().hasSuffix("\r\n\r\nhello"))
        let name = try Serving.name("i1")
        try house.instances.stop(name)
        try house.instances.stop(name)
        let end = try house.wait { $0.condition == .gone }
        #expect(end == InstanceState(.gone, cause: "stopped", lastLines: ["begun"]))
        #expect(throws: TestSocket.Failed.self) { try TestSocket(door: door) }
        house.instances.finish()
        #expect(try house.running() == [])
    }

    @Test func `the next house finds it, and knows it as it is`() throws {
        let house = try Serving()
        try house.instances.launch(try Serving.spec(Serving.good))
        let before = try house.wait { $0.condition == .healthy }
        try house.comeBack()
        #expect(house.instances.look() == [try Serving.name("i1"): before])
        try house.instances.stop(try Serving.name("i1"))
        #expect(try house.wait { _ in false }.cause == "stopped")
        try house.comeBack()
        #expect(try house.wait { _ in true }.cause == "stopped")
    }

    @Test func `it is launched once, however often that is asked`() throws {
        let house = try Serving()
        let spec = try Serving.spec("echo once; exit 3")
        try house.instances.launch(spec)
        try house.instances.launch(spec)
        let end = try house.wait { _ in false }
        #expect(end.cause == "exited with code 3")
        #expect(end.lastLines == ["once"])
        try house.instances.launch(spec)
        house.instances.forget(spec.name)
        #expect(house.instances.look() == [:])
        try house.instances.launch(spec)
        #expect(house.instances.look() == [:])
        #expect(try house.log() == "once\n")
    }

    @Test func `one that was claimed by a house that died then is gone, and not begun`() throws {
        let house = try Serving()
        try FileManager.default.createDirectory(
            atPath: house.folder.file("instances/staging/i1"), withIntermediateDirectories: true)
        try house.comeBack()
        let end = try house.wait { _ in true }
        #expect(end.condition == .gone)
        #expect(end.cause == "its supervisor was killed, or never began, and all it ran with it")
        try house.instances.launch(try Serving.spec("echo begun"))
        #expect(try house.wait { _ in true } == end)
    }

    @Test func `of those that are forgotten, the newest logs are kept`() throws {
        let house = try Serving()
        for number in 1...52 {
            let place = "instances/staging/i\(number)"
            try FileManager.default.createDirectory(
                atPath: house.folder.file(place), withIntermediateDirectories: true)
        }
        try house.comeBack()
        for number in 1...52 {
            house.instances.forget(try Serving.name("i\(number)"))
            // Time passes, as the file system counts it.
            let place = house.folder.file("instances/staging/i\(number)/forgotten")
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(number))],
                ofItemAtPath: place)
        }
        house.instances.finish()
        #expect(house.instances.look() == [:])
        let kept = try house.files(in: "instances/staging")
        #expect(kept.count == 50)
        #expect(kept.contains("i52"))
    }

    @Test func `killed with its supervisor, it is gone and so is its door`() throws {
        let house = try Serving()
        try house.instances.launch(try Serving.spec(Serving.good))
        let door = try #require(try house.wait { $0.condition == .healthy }.door)
        let folder = AttemptFolder(house.folder.file("instances/staging/i1"))
        let supervisor = try #require(SupervisorProcess.find(folder))
        _ = kill(supervisor.id, SIGKILL)
        let end = try house.wait { _ in false }
        #expect(end.cause?.hasPrefix("its supervisor was killed") == true)
        #expect(throws: TestSocket.Failed.self) { try TestSocket(door: door) }
        house.instances.finish()
        #expect(try house.running() == [])
    }
}
