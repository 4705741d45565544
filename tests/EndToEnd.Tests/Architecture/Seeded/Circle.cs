namespace Chard.EndToEnd.Tests.Architecture.Seeded;

/// <summary>Marks the namespace of two folders that know each other.</summary>
internal static class Circle;
