import CReach
import Couriers
import Git
import Glibc

// `slipway-courier`: does the jobs that come on its standard input, which is a line to the server.
slipway_withdraw()
guard slipway_leave_with(STDIN_FILENO) == 0, (try? Repository.trustEveryOwner()) != nil else {
    exit(4)
}
var service = CourierService(
    on: STDIN_FILENO,
    obey: { policy in Reach.obey(policy) },
    refused: { Reach.refused() })
service.run()
