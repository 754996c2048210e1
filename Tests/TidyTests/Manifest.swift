/// The targets of Package.swift, as far as a rule about floors needs them.
struct Manifest {
    /// The floors, from the ground up. A target that is not among them is a face, a trial or a
    /// test.
    static let floors: [(name: String, targets: Set<String>)] = [
        (
            "ground",
            [
                "CYAML", "CSQLite", "CCrypto", "CGit2", "CDeflate", "CZstd", "CExpat", "CSeccomp",
                "CCurl", "CMicrohttpd", "CNghttp2", "CSystem", "CLaunch", "CReach",
            ]
        ),
        (
            "materials",
            [
                "Doors", "SmallFiles", "YAML", "JSON", "Zones", "SQLite", "Cryptography", "Git",
                "Docker", "Gzip", "HTTP", "Addresses", "Balancer", "Curl", "Grpc", "Microhttpd",
                "Tar",
                "Threads",
            ]
        ),
        (
            "mind",
            [
                "People", "Pipelines", "Engine", "Assignments", "Deployment", "Images", "Masking",
                "Notices", "Watching", "Webhooks",
            ]
        ),
        (
            "hands",
            [
                "AWS", "Artifacts", "Attempts", "Client", "Cloud", "Commands", "Containers",
                "Couriers", "ECR", "Entrusting", "ImageArchives", "Instances", "Logins", "Logs",
                "Messengers", "Metrics", "Registry", "Sandbox", "Sources", "Serving",
                "Supervising", "Runner", "Store", "Targets", "TestReports", "Vault", "Watchers",
            ]
        ),
        ("conductor", ["Conductor"]),
        ("premises", ["Premises"]),
        ("service", ["Server", "Service"]),
        (
            "faces",
            [
                "slipway", "slipway-supervisor", "slipway-container-supervisor", "slipway-courier",
                "slipway-image-supervisor", "slipway-instance-supervisor", "slipway-tell",
            ]
        ),
    ]

    static func floor(of target: String) -> Int? {
        floors.firstIndex { $0.targets.contains(target) }
    }

    /// The modules a file imports.
    static func imports(of file: Tree.File) -> [(line: Int, module: String)] {
        file.lines.enumerated().compactMap { index, line in
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), place <= 1, place + 1 < words.count
            else {
                return nil
            }
            return (index, String(words[place + 1]))
        }
    }
}
