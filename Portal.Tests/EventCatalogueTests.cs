using System.Reflection;
using Microsoft.Extensions.Logging;
using Portal.Engine.Telemetry;
using Portal.Server;

namespace Portal.Tests;

public class EventCatalogueTests
{
    [Theory]
    [InlineData(typeof(EngineEvents))]
    [InlineData(typeof(ServerEvents))]
    public void Ids_AreUniqueAndEachIsOfOneLogMessage(Type catalogue)
    {
        var ids = catalogue
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (int)field.GetRawConstantValue()!)
            .Order();
        var used = catalogue.Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Select(message => message.EventId)
            .Order();

        Assert.Equal(ids, used);
    }
}
