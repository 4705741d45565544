namespace Chard.Emulator.Tests.ApiParity;

/// <summary>
/// What compiles here must compile against the real packages: every public type and member of a stand-in is in their listing
/// with the same signature. When a type is new, see <see cref="StandIns"/> for how its lines get here.
/// </summary>
public sealed class ApiParityTests
{
    [Fact]
    public void StandIns_EveryTypeAndMember_IsInTheRealListing()
    {
        var listing = StandIns.Listing();

        var deviations = StandIns.Types.SelectMany(listing.Deviations).ToArray();

        Assert.True(deviations.Length == 0, string.Join(Environment.NewLine, deviations));
    }

    [Fact]
    public void StandIns_TypesFound_AreThoseOfThePackages()
    {
        var names = StandIns.Types.Select(type => type.FullName).ToHashSet();

        Assert.Contains("Microsoft.DurableTask.TaskOrchestrationContext", names);
        Assert.Contains("Microsoft.DurableTask.Client.DurableTaskClient", names);
    }
}
