using Portal.Engine;
using Portal.Server.Clusters;
using Portal.Server.ConnectorTasks;
using Portal.Server.Data;
using Portal.Server.Embedded;
using Portal.Server.History;
using Portal.Server.Hosting;
using Portal.Server.Live.Hub;
using Portal.Server.Operations;
using Portal.Server.Overview;
using Portal.Server.Preferences;
using Portal.Server.Sampling;
using Portal.Server.Security;
using Portal.Server.Topics;
using Portal.Server.WizardDrafts;

var builder = PortalHost.CreateBuilder(args)
    .AddPortalData()
    .AddPortalIdentity()
    .AddConnections()
    .AddHistory()
    .AddConnectorTasks()
    .AddTopics()
    .AddPortalOperations()
    .AddOverview()
    .AddPreferences()
    .AddSampling()
    .AddDrafts()
    .AddEmbeddedSandbox()
    .AddLiveHub()
    .AddPortalMetrics()
    .AddPortalPages();
builder.Services.AddConnectorEngine();

var app = builder.Build();
app.MapPortal();
return await app.RunPortalAsync();
