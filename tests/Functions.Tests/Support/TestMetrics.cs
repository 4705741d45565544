using System.Diagnostics.Metrics;
using Chard.DeadLetters;
using Chard.Domain.Tasks;
using Chard.Functions.Tests.Tasks;
using Chard.Functions.TryOut;
using Chard.Platform;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chard.Functions.Tests.Support;

/// <summary>Instruments that are nobody else's.</summary>
internal static class TestMetrics
{
    /// <summary>The tasks that the instruments know.</summary>
    public static TaskCatalogue Tasks { get; } = TaskCatalogue.Create(
        [typeof(Charge), typeof(Echo)], ["Charge", "Echo"], new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>());

    /// <summary>Instruments of an app with workflow W.</summary>
    public static ChardMetrics New(MeasuredDepths? depths = null) => new(
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(),
        Tasks, () => ["W"], depths ?? new(TimeProvider.System));

    /// <summary>Tells nobody of dead letters.</summary>
    public static DeadLetterNews News() => new(New(), NullLogger<DeadLetterNews>.Instance);
}
