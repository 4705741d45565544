using Chard.EndToEnd.Tests.Architecture.Seeded.Second;

namespace Chard.EndToEnd.Tests.Architecture.Seeded.First;

/// <summary>Comes of an egg.</summary>
internal sealed class Chicken
{
    public Egg? Of { get; init; }
}
