import Glibc
import Support
import Testing

/// While an image is built and pushed with two secrets, and after it, they are looked for wherever
/// somebody else could find them.
@Suite(
    "The secrets of a build and of a push",
    .enabled(
        if: TestRegistry.running != nil && Buildah.isThere,
        "\(TestRegistry.reason); 'scripts/setup' installs buildah and busybox"))
struct SecretSearchTests {
    enum Course: String, CaseIterable {
        case succeeds, failsInTheBuild, isRefused, isStopped, isKilled

        fileprivate var last: String {
            switch self {
            case .succeeds, .isRefused: "true"
            case .failsInTheBuild: "exit 3"
            case .isStopped, .isKilled: "while :; do busybox sleep 1; done"
            }
        }

        /// What is done to the house when its build has begun.
        fileprivate var deed: String {
            switch self {
            case .succeeds, .failsInTheBuild, .isRefused: "true"
            case .isStopped: "kill -INT $house; kill -TERM $house"
            case .isKilled: "kill -9 $house $(cat .slipway/executions/shop/1/image.1/build.1/lock)"
            }
        }

        fileprivate var words: String {
            switch self {
            case .succeeds: "shop/1 succeeded"
            case .failsInTheBuild, .isRefused: "shop/1 failed"
            case .isStopped: "shop/1 stopped"
            case .isKilled: " begun"
            }
        }
    }

    private func project(_ course: Course) throws -> ImageProject {
        let profile = "name: ours\nhost: HOST\ncredential: push\nauthority: AUTHORITY\n"
        let project = try ImageProject(
            """
              - name: image
                actions:
                  build:
                    image:
                      context: app
                      runner: process
                      repository: SECURED
                      tags: v1
                      secrets: token
            """, registries: ["ours": profile])
        try project.folder.write(
            """
            FROM scratch
            COPY busybox /bin/busybox
            COPY busybox /bin/sh
            RUN --mount=type=secret,id=token cat /run/secrets/token; echo; echo begun; \\
                \(course.last)

            """, to: "Dockerfile")
        #expect(try project.sh("cp \(Buildah.busybox) .").code == 0)
        let token = "open-sesame-\(project.repository)"
        let password = course == .isRefused ? "no-\(token)" : project.registry.password
        try project.folder.write(token, to: "token.secret")
        try project.folder.write("\(project.registry.user):\(password)", to: "login.secret")
        try project.folder.write("\(token)\n\(password)\n", to: "sought.secret")
        try project.commit()
        return project
    }

    @Test("are found nowhere else, however it goes", arguments: Course.allCases)
    func hidden(course: Course) throws {
        let project = try project(course)
        let searched = try project.sh(
            """
            '\(Slipway.path)' run --runners runners --registries registries \
              --secret push=login.secret --secret token=token.secret > runners/said 2>&1 & house=$!
            done=no
            while grep -sq '^State:.[^ZX]' /proc/$house/status; do
              for shown in /proc/[0-9]*/cmdline /proc/[0-9]*/environ; do
                grep -sqaF -f sought.secret $shown && echo "found in $shown"
              done
              if [ $done = no ] && grep -q ' begun$' runners/said; then done=yes; \(course.deed); fi
            done
            grep -rlaF -f sought.secret .slipway runners/said && echo 'found there'
            echo searched
            """)
        #expect(searched.output == "searched\n", "\(searched.errors)")
        let said = try project.folder.text(of: "runners/said")
        #expect(said.contains(course.words), "\(said)")
        #expect(course == .isRefused || said.contains("***"))
    }
}
