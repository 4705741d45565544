using Chard.EndToEnd.Tests.Architecture.Seeded.First;

namespace Chard.EndToEnd.Tests.Architecture.Seeded.Second;

/// <summary>Comes of a chicken.</summary>
internal sealed class Egg
{
    public static Chicken Hatch() => new();
}
